/** The nine production gates and the scorecard, over both databases: each verdict is given by something that can fail. */
import { like } from 'drizzle-orm'
import * as v from 'valibot'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { parseConfig } from '../../src/config/config.ts'
import { type MaintenanceRecord, maintenanceKey } from '../../src/db/maintenance/record.ts'
import { writeRecords } from '../../src/db/records.ts'
import { systemState } from '../../src/db/schema/madre.ts'
import { checkEntrypoint, checkFlags, scanSecrets } from '../../src/features/truth/gates/configuration.ts'
import { checkChat, checkFallback } from '../../src/features/truth/gates/drills.ts'
import { GateReport } from '../../src/features/truth/gates/schema.ts'
import { Scorecard } from '../../src/features/truth/scorecard/schema.ts'
import { percentages } from '../../src/features/truth/scorecard/service.ts'
import type { AskSelf, Deps } from '../../src/ports/index.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { testApp } from '../support/test-app.ts'

const startMs = 1_800_000_000_000
const dayMs = 86_400_000

const database = testDatabase()
beforeEach(() => database().open().delete(systemState).where(like(systemState.key, 'gateway:%')))

const inOrder: MaintenanceRecord = {
  startedAt: startMs - dayMs - 1000,
  finishedAt: startMs - dayMs,
  ok: true,
  quickCheck: 'ok',
  integrityCheck: 'ok',
  foreignKeyViolations: 0,
  backup: { file: 'vx11.db', sha256: 'ab', bytes: 1 },
}

const keep = (record: MaintenanceRecord) =>
  writeRecords(database().open(), { [maintenanceKey]: JSON.stringify(record) }, startMs)

const production = {
  VX11_ENV: 'production',
  LOG_LEVEL: 'info',
  VX11_TENTACULO_LINK_SHARED_SECRET: 'a-secret-of-its-own',
}

function vx11(env: Record<string, string> = production, deps: Partial<Deps> = {}) {
  const gateway = testApp({ env, deps: { database: database(), ...deps } })
  gateway.network.answer('http://madre.test:8001/health', jsonAnswer({ status: 'ok' }))
  gateway.network.answer('http://shub.test:8007/health', jsonAnswer({ status: 'ok' }))
  gateway.network.answer('http://madre.test:8001/madre/power/state', jsonAnswer({ policy: 'solo_madre' }))
  const run = async (path = '/operator/api/gates') => v.parse(GateReport, await (await gateway.authorized(path)).json())
  const gate = async (name: string) => (await run('/operator/api/gates?fresh=true')).gates.find((g) => g.gate === name)
  const card = async () => v.parse(Scorecard, await (await gateway.authorized('/operator/api/scorecard')).json())
  return { ...gateway, run, gate, card }
}

describe('GET /operator/api/gates', () => {
  it('passes a gateway that is in order, and skips the chat where there is none', async () => {
    await keep(inOrder)
    const report = await vx11().run()
    const others = report.gates.filter(({ gate }) => gate !== 'chat_answers' && gate !== 'no_drift')
    expect(others.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
    // Nothing was audited in this test; drift.test.ts has its verdicts.
    expect(report.gates.find(({ gate }) => gate === 'no_drift')).toMatchObject({ verdict: 'skip' })
    expect(report).toMatchObject({ status: 'pass', failed: 0 })
    expect(report.gates).toHaveLength(9)
  })

  it('fails what was never checked, and says what to do', async () => {
    const report = await vx11().run()
    expect(report.status).toBe('fail')
    expect(report.gates.find(({ gate }) => gate === 'database_integrity')).toMatchObject({
      verdict: 'fail',
      measured: 'its integrity was never checked',
      action: expect.stringContaining('post_task'),
    })
    expect(report.gates.find(({ gate }) => gate === 'maintenance_ran')?.measured).toBe('maintenance never ran')
  })

  it.each([
    ['a corrupt database', { integrityCheck: '*** in database main ***' }, 'database_integrity'],
    ['foreign keys without a parent', { foreignKeyViolations: 2 }, 'database_integrity'],
    ['a run that was not in order', { ok: false }, 'maintenance_ran'],
    ['a run of nine days ago', { finishedAt: startMs - 9 * dayMs }, 'maintenance_ran'],
  ])('fails %s', async (_what, broken, gate) => {
    await keep({ ...inOrder, ...broken })
    const report = await vx11().run()
    expect(report.gates.filter(({ verdict }) => verdict === 'fail').map((each) => each.gate)).toEqual([gate])
  })

  it('takes the quick check where the strict one was not made', async () => {
    await keep({ ...inOrder, integrityCheck: null })
    expect(await vx11().gate('database_integrity')).toMatchObject({ verdict: 'pass' })
    await keep({ ...inOrder, integrityCheck: null, quickCheck: null })
    expect(await vx11().gate('database_integrity')).toMatchObject({ verdict: 'fail' })
  })

  it('names the services that are broken', async () => {
    const gateway = vx11()
    gateway.network.answer('http://shub.test:8007/health', jsonAnswer({}, 500))
    expect(await gateway.gate('service_health')).toMatchObject({
      verdict: 'fail',
      findings: ['shubniggurath: status_500'],
      measured: expect.stringContaining('1 BROKEN'),
    })
  })

  it('fails what depends on a database that is away, and stands all the same', async () => {
    const away = {
      open: () => {
        throw new Error('away')
      },
      ping: () => Promise.reject(new Error('away')),
      close: async () => {},
    }
    const report = await vx11(production, { database: away }).run()
    const failed = report.gates.filter(({ verdict }) => verdict === 'fail').map(({ gate }) => gate)
    expect(failed).toEqual(['database_integrity', 'maintenance_ran'])
  })

  it('keeps what it found for five minutes, unless it is asked to look again', async () => {
    const gateway = vx11()
    const first = await gateway.run()
    await keep(inOrder)
    await gateway.clock.advance(299_999)
    expect((await gateway.run()).checked_at).toBe(first.checked_at)
    expect((await gateway.run('/operator/api/gates?fresh=true')).status).toBe('pass')
    await gateway.clock.advance(1)
    expect((await gateway.run()).status).toBe('pass')
    await expectProblem(await gateway.authorized('/operator/api/gates?fresh=perhaps'), 'validation_error')
  })

  it('tries the fallback on a copy that leaves no trace', async () => {
    await keep(inOrder)
    const gateway = vx11()
    await gateway.run()
    const { exchanges } = gateway.network
    // The chat itself is asked, too: not the copy's, the gateway's.
    expect(exchanges.every(({ url }) => /\/health$|power\/state$|madre\/chat$/.test(url))).toBe(true)
    // The chat has modules measured that it knows nothing of; what the copy lost would be a warning.
    expect(gateway.announced.filter(({ severity }) => severity !== 'info')).toEqual([])
    expect(JSON.stringify(gateway.logLines)).not.toContain('gone')
    expect(gateway.deps.upstreamStates().shub?.failures).toBe(0)
    expect(await (await gateway.authorized('/metrics')).text()).not.toContain('status="503"')
  })
})

const config = (env: Record<string, string> = {}) =>
  parseConfig({ VX11_TENTACULO_LINK_TOKEN: 'a-token-of-decent-length', ...production, ...env })

describe('the secret scan', () => {
  it.each([
    [
      { VX11_ENV: 'development', VX11_OPERATOR_TOKEN: 'vx11-local-token' },
      'the token of operator is one that VX11 publishes',
    ],
    [{ VX11_ENV: 'development', VX11_UPSTREAM_TOKEN: 'vx11-local-token' }, 'VX11_UPSTREAM_TOKEN, or the token'],
    [{ VX11_UPSTREAM_TOKEN: 'brief-one' }, 'the token sent to upstreams is shorter'],
    [{ VX11_TENTACULO_LINK_SHARED_SECRET: 'too-short' }, 'VX11_TENTACULO_LINK_SHARED_SECRET is shorter'],
    [{ VX11_TENTACULO_LINK_SHARED_SECRET: 'a-token-of-decent-length' }, 'is also a token'],
    [{ SHUB_URL: 'http://shub.example.com' }, 'SHUB_URL sends the gateway'],
    [{ VX11_DATABASE_URL: 'http://db.example.com', VX11_DATABASE_AUTH_TOKEN: 'x' }, 'VX11_DATABASE_URL sends'],
    [{ VX11_REDIS_URL: 'redis://redis.example.com' }, 'VX11_REDIS_URL reaches'],
    [{ DEEPSEEK_BASE_URL: 'http://models.example.com', DEEPSEEK_API_KEY: 'k' }, 'DEEPSEEK_BASE_URL is sent the key'],
    [
      { VX11_TOKENS: '[{"name":"old","token":"a-token-whose-time-is-over","scopes":["operator"],"notAfter":1000}]' },
      'the token of old in VX11_TOKENS has expired',
    ],
  ])('finds %j, and repeats no value', (env, finding) => {
    const { verdict, findings } = scanSecrets(config(env), startMs)
    expect({ verdict, findings }).toEqual({ verdict: 'fail', findings: [expect.stringContaining(finding)] })
    const secrets = Object.entries(env).flatMap(([name, value]) => (/TOKEN$|SECRET|KEY/.test(name) ? [value] : []))
    for (const secret of secrets.filter((each) => each.length > 3)) expect(findings.join()).not.toContain(secret)
  })

  it('lets credentials travel on one’s own network and under TLS', () => {
    const env = {
      SHUB_URL: 'http://10.0.0.7:8007',
      SWITCH_URL: 'https://switch.example.com',
      MADRE_URL: 'http://madre:8001',
    }
    expect(scanSecrets(config(env), startMs).verdict).toBe('pass')
  })
})

describe('the single entrypoint', () => {
  it.each([
    ['https://shub.example.com', undefined, 'fail'],
    ['https://shub.example.com', '{"shub":{"CF-Access-Client-Id":"abc"}}', 'pass'],
    ['http://shub.example.com', '{"shub":{"CF-Access-Client-Id":"abc"}}', 'fail'],
    ['http://8.8.8.8', undefined, 'fail'],
    ['http://172.31.0.2', undefined, 'pass'],
    ['http://172.32.0.2', undefined, 'fail'],
    ['http://[fd00::7]:8007', undefined, 'pass'],
    ['http://[2001:db8::7]:8007', undefined, 'fail'],
    ['http://shubniggurath:8007', undefined, 'pass'],
  ])('of shub at %s with headers %s: %s', (url, headers, verdict) => {
    const env = { SHUB_URL: url, ...(headers && { VX11_UPSTREAM_HEADERS: headers }) }
    expect(checkEntrypoint(config(env)).verdict).toBe(verdict)
  })
})

describe('the flags', () => {
  it.each([
    [{ VX11_ENV: 'development' }, 'VX11_ENV'],
    [{ VX11_V7_OPEN_PATHS: 'true' }, 'VX11_V7_OPEN_PATHS'],
    [{ VX11_RATE_LIMIT_ENABLED: 'false' }, 'VX11_RATE_LIMIT_ENABLED'],
    [{ VX11_SWITCH_CHAT_LANE: 'full' }, 'VX11_SWITCH_CHAT_LANE'],
    [{ LOG_LEVEL: 'debug' }, 'LOG_LEVEL'],
  ])('fail with %j', (env, name) => {
    expect(checkFlags(config())).toMatchObject({ verdict: 'pass', findings: [] })
    expect(checkFlags(config(env))).toMatchObject({ verdict: 'fail', findings: [expect.stringContaining(name)] })
  })
})

describe('the chat gate', () => {
  const deps = { config: config(), clock: fakeClock() }
  const answering =
    (status: number, json: unknown): AskSelf =>
    async () =>
      Response.json(json, { status })

  it.each([
    ['an answer', 200, { response: 'Yes.', fallback_source: 'switch', degraded: false }, 'pass'],
    ['a degraded answer', 200, { response: 'No model.', fallback_source: 'local', degraded: true }, 'pass'],
    ['no route', 404, { error: 'not_found' }, 'skip'],
    ['an empty answer', 200, { response: '  ', degraded: false }, 'fail'],
    ['no envelope', 200, ['Yes.'], 'fail'],
    ['an error', 500, { error: 'internal_error' }, 'fail'],
  ])('judges %s', async (_what, status, json, verdict) => {
    const found = await checkChat(deps, answering(status, json))
    expect(found.verdict).toBe(verdict)
    expect(found.findings).toHaveLength(
      status === 200 && verdict === 'pass' && 'degraded' in json && json.degraded ? 1 : 0,
    )
  })

  it('waits as long as a chat may take, and no longer', async () => {
    const clock = fakeClock()
    const judging = checkChat({ ...deps, clock }, () => new Promise<Response>(() => {}))
    await clock.advance(deps.config.chat.timeoutMs + 2000)
    expect(await judging).toMatchObject({ verdict: 'fail', measured: 'status 504 instead of an answer' })
  })

  it('is skipped in observer mode, where no chat is taken', async () => {
    const observer = { ...deps, config: config({ VX11_OPERATOR_CONTROL_ENABLED: 'false' }) }
    expect((await checkChat(observer, answering(403, {}))).verdict).toBe('skip')
    expect((await checkChat(deps, answering(403, {}))).verdict).toBe('fail')
  })

  it('and the fallback gate name each answer that is wrong', async () => {
    const ask: AskSelf = async (path) =>
      Response.json({ ok: true, response: 'x' }, { status: path === '/health' ? 500 : 200 })
    expect((await checkFallback(deps, () => ask)).findings).toEqual([
      '/health answered 500',
      '/readyz answered 200 instead of 503',
      '/vx11/status answered 200, degraded: false',
      'the chat gave no degraded answer',
    ])
  })
})

describe('GET /operator/api/scorecard', () => {
  it('speaks to both consoles, from checks that are named', async () => {
    await keep(inOrder)
    const gateway = vx11()
    await gateway.services.minutely.truth()
    await gateway.services.minutely.rowCounts()
    await gateway.clock.advance(5000)
    const card = await gateway.card()
    const { metrics, checks } = card.percentages
    expect(card).toMatchObject({
      order_fs_pct: metrics.Orden_fs_pct,
      coherencia_routing_pct: metrics.Coherencia_routing_pct,
      automatizacion_pct: metrics.Automatizacion_pct,
      autonomia_pct: metrics.Autonomia_pct,
      global_ponderado_pct: metrics.Global_ponderado_pct,
      files_found: { percentages: true, scorecard: true },
      scorecard: { integrity: 'ok', total_tables: 88, services: { ok: 3, broken: 0 }, gates: { failed: 0 } },
      availability: { madre: 100, hermes: null },
    })
    expect(metrics).toMatchObject({ Orden_fs_pct: 100, Coherencia_routing_pct: 100, Automatizacion_pct: 100 })
    expect(checks.find(({ check }) => check === 'service_hermes')).toMatchObject({ passed: null })
    expect(card.scorecard.total_rows).toBeGreaterThan(0)
  })

  it('loses points for what fails, and has no value where nothing could be measured', async () => {
    const gateway = vx11()
    gateway.network.answer('http://shub.test:8007/health', jsonAnswer({}, 500))
    const card = await gateway.card()
    // The gateway, madre and the entrypoint are right, shub is not.
    expect(card.coherencia_routing_pct).toBe(75)
    expect(card.scorecard).toMatchObject({ integrity: null, total_rows: null })
    expect(card.scorecard.unmeasured).toMatchObject({ rows: 'not_counted_yet', integrity: 'no_maintenance_yet' })
    expect(percentages([])).toMatchObject({ Orden_fs_pct: null, Global_ponderado_pct: null })
  })

  it('gives the weight of a metric without a value to the others', () => {
    const check = (metric: 'Orden_fs_pct' | 'Autonomia_pct', passed: boolean) => ({
      metric,
      check: 'c',
      passed,
      found: '',
    })
    const checks = [check('Orden_fs_pct', true), check('Autonomia_pct', false)]
    expect(percentages(checks)).toMatchObject({ Orden_fs_pct: 100, Autonomia_pct: 0, Global_ponderado_pct: 50 })
  })
})
