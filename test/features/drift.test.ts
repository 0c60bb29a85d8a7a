/** The drift audit over both databases: drifts are made by hand, found once, kept while they cannot be asked, and end. */
import { sql } from 'drizzle-orm'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { driftReports, manifestatorAudit } from '../../src/db/schema/manifestator.ts'
import { GateReport } from '../../src/features/truth/gates/schema.ts'
import { expectedOperations } from '../../src/upstream/expected-operations.ts'
import { contractOf, driftApps, madreUrl, switchUrl } from '../support/drift-app.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { fakeRandom } from '../support/fake-random.ts'
import { tokens } from '../support/test-app.ts'

const { database, fresh, vx11, openRows } = driftApps()
const weekMs = 7 * 86_400_000
const run = (statement: string) => database().open().run(sql.raw(statement))

describe('an audit', () => {
  it('finds nothing grave in an installation that is in order, and names what it could not ask', async () => {
    const gateway = vx11()
    const report = await gateway.audit()
    expect(gateway.grave(report)).toEqual([])
    expect(report).toMatchObject({ status: 'incomplete', trigger: 'request', unrecorded: null, left_out: 0 })
    expect(Object.fromEntries(report.areas.map(({ area, checked }) => [area, checked]))).toMatchObject({
      ...{ database: 88, instances: 0, services: 7 },
    })
    expect(report.areas.find(({ area }) => area === 'contracts')).toMatchObject({ verdict: 'unknown', checked: 18 })
    expect(report.unknown).toContainEqual({ area: 'contracts', module: 'switch', reason: 'asleep' })
    expect(report.unknown).toContainEqual({ area: 'contracts', module: 'hermes', reason: 'not_configured' })
    expect(report.unknown).toContainEqual({ area: 'services', module: 'switch', reason: 'no_window' })
    // Nothing was woken or asked for it.
    expect(gateway.network.exchanges.some(({ url }) => url.startsWith(`${switchUrl}/openapi`))).toBe(false)
  })

  it('says where a route stands beside those of the last release', async () => {
    const { drifts } = await vx11().audit()
    const routes = drifts.filter(({ area }) => area === 'routes')
    expect(routes.filter(({ severity }) => severity !== 'low')).toEqual([])
  })

  it('finds a table, a column, an index and a key that are not as VX11 has them, and their return', async () => {
    const gateway = vx11()
    await gateway.audit()
    gateway.announced.length = 0
    await run('alter table canonical_docs rename to canonical_docs_aside')
    await run('alter table drift_reports add column colour text')
    await run('drop index idx_manifestator_rails_active')
    const report = await gateway.audit()
    const own = report.drifts.filter(({ area }) => area === 'database')
    expect(own.map(({ severity, subject, actual }) => [severity, subject, actual])).toEqual([
      ['high', 'canonical_docs', 'not there'],
      ['low', 'drift_reports.colour', 'a column'],
      ['low', 'manifestator_rails(active)', 'none'],
      ['low', 'canonical_docs_aside', 'a table of another program'],
    ])
    expect(gateway.announced).toMatchObject([
      { type: 'gateway.drift.found', severity: 'warn', payload: { area: 'database', count: 4, principal: 'link' } },
    ])
    await run('alter table canonical_docs_aside rename to canonical_docs')
    await run('alter table drift_reports drop column colour')
    await run('create index idx_manifestator_rails_active on manifestator_rails (active)')
    expect((await gateway.audit()).drifts.filter(({ area }) => area === 'database')).toEqual([])
    expect(gateway.announced.slice(1)).toMatchObject([{ type: 'gateway.drift.resolved', payload: { count: 4 } }])
  })

  it('holds an upstream to what the gateway asks of it', async () => {
    const gateway = vx11()
    const chat = 'POST /madre/chat'
    gateway.network.answer(
      `${madreUrl}/openapi.json`,
      contractOf('madre', ['POST /madre/power/window/open', 'POST /vx11/intent'], {
        [chat]: { required: ['message', 'tenant'] },
      }),
    )
    const { drifts } = await gateway.audit()
    expect(drifts.filter(({ area }) => area === 'contracts')).toMatchObject([
      { severity: 'high', module: 'madre', subject: 'POST /madre/power/window/open', actual: 'not there' },
      { severity: 'high', module: 'madre', subject: chat, actual: 'wants tenant, which the gateway does not send' },
      { severity: 'low', module: 'madre', subject: 'POST /vx11/intent' },
    ])
  })

  it.each([
    ['no document', jsonAnswer({ detail: 'Not Found' }, 404), 'status_404'],
    ['something else', jsonAnswer(['openapi']), 'malformed_answer'],
    ['a document of an older kind', jsonAnswer({ openapi: '2.0', paths: {} }), 'malformed_answer'],
  ])('does not call it in order when an upstream serves %s', async (_what, answer, reason) => {
    const gateway = vx11()
    gateway.network.answer(`${madreUrl}/openapi.json`, answer)
    expect((await gateway.audit()).unknown).toContainEqual({ area: 'contracts', module: 'madre', reason })
  })

  it('waits five seconds for a document, and no longer', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madreUrl}/openapi.json`, () => new Promise(() => {}))
    const asked = gateway.audit()
    await gateway.clock.whenSleeping()
    let answered = false
    const done = asked.finally(() => {
      answered = true
    })
    await expect.poll(() => gateway.clock.advance(1000).then(() => answered)).toBe(true)
    await done
    expect((await asked).unknown).toContainEqual({ area: 'contracts', module: 'madre', reason: 'timeout' })
  })

  it('finds ports and health paths that are not VX11’s, and flags that are not at their defaults', async () => {
    const gateway = fresh(
      {},
      { SPAWNER_URL: 'http://spawner.test:9008', VX11_STATUS_PAGE: 'yes', VX11_METRICS_ENABLED: '1' },
    )
    gateway.network.answer('http://spawner.test:9008/health', jsonAnswer({}, 404))
    gateway.network.answer('http://spawner.test:9008/healthz', jsonAnswer({ status: 'ok' }))
    gateway.network.answer('http://shub.test:8007/health', jsonAnswer({}, 500))
    const { drifts } = await gateway.audit()
    const own = drifts.filter(({ area }) => area === 'services' || area === 'flags')
    expect(own.map(({ module, subject, actual, severity }) => [module, subject, actual, severity])).toEqual([
      ['shubniggurath', 'health path', 'status 500', 'medium'],
      ['spawner', 'port', '9008', 'low'],
      ['spawner', 'health path', 'answers /healthz alone', 'low'],
      ['tentaculo_link', 'VX11_STATUS_PAGE', 'true', 'low'],
    ])
  })
})

describe('what is found', () => {
  it('is open exactly while it is so, through fifty audits of a madre that changes', async () => {
    const gateway = vx11()
    const [random, model] = [fakeRandom(7).fraction, new Set<string>()]
    const names = expectedOperations.madre
      .filter(({ optional }) => !optional)
      .map(({ method, path }) => `${method} ${path}`)
    for (let round = 0; round < 50; round++) {
      const missing = names.filter(() => random() < 0.2)
      const asleep = random() < 0.3
      gateway.network.answer(`${madreUrl}/openapi.json`, asleep ? jsonAnswer({}, 503) : contractOf('madre', missing))
      if (!asleep) {
        model.clear()
        for (const name of missing) model.add(name)
      }
      const { drifts } = await gateway.audit()
      const open = (await openRows()).filter(({ area }) => area === 'contracts').map(({ subject }) => subject)
      expect(open.toSorted(), `round ${round}`).toEqual([...model].toSorted())
      const told = drifts.filter(({ area }) => area === 'contracts')
      expect(told.map(({ subject }) => subject).toSorted()).toEqual([...model].toSorted())
      expect(told.every(({ current }) => current === !asleep)).toBe(true)
    }
    const runs = (await database().open().select().from(manifestatorAudit)).length
    expect(runs).toBeGreaterThan(10)
    expect(runs).toBeLessThan(50)
  })

  it('is one row for as long as it lasts, and an audit among those of the manifestator', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madreUrl}/openapi.json`, contractOf('madre', ['POST /madre/chat']))
    const first = await gateway.audit()
    await gateway.clock.advance(60_000)
    const second = await gateway.audit()
    const chat = { module: 'madre', subject: 'POST /madre/chat' }
    expect((await openRows()).filter(({ area }) => area === 'contracts')).toMatchObject([{ severity: 'high', ...chat }])
    expect(second.drifts.find(({ subject }) => subject === chat.subject)?.since).toBe(first.audited_at)
    // The second changed nothing, so it left no run.
    const runs = (await (await gateway.authorized('/operator/api/audit/runs')).json()) as { runs: { id: string }[] }
    expect(runs.runs).toMatchObject([{ id: expect.stringMatching(/^drift-/), status: 'draft', p0_count: 0 }])
    const detail = await gateway.authorized(`/operator/api/audit/${runs.runs[0]?.id}`)
    expect(await detail.json()).toMatchObject({ findings: expect.arrayContaining([expect.objectContaining(chat)]) })
  })

  it('stays open while it cannot be asked, and ends when it can', async () => {
    const gateway = vx11()
    gateway.network.answer(`${madreUrl}/openapi.json`, contractOf('madre', ['POST /madre/chat']))
    await gateway.audit()
    gateway.network.answer(`${madreUrl}/openapi.json`, jsonAnswer({}, 503))
    const silent = await gateway.audit()
    expect(silent.drifts.find(({ area }) => area === 'contracts')).toMatchObject({ current: false, severity: 'high' })
    expect(silent.status).toBe('drift')
    gateway.network.answer(`${madreUrl}/openapi.json`, contractOf('madre'))
    expect(gateway.grave(await gateway.audit())).toEqual([])
    expect((await openRows()).filter(({ area }) => area === 'contracts')).toEqual([])
    const all = await database().open().select().from(driftReports)
    expect(all.filter(({ module }) => module === 'madre')).toMatchObject([{ resolved: true }])
  })

  it('leaves the rows of the manifestator alone, whatever they hold', async () => {
    await database()
      .open()
      .insert(driftReports)
      .values([
        {
          module: 'madre',
          details: '{"missing":["a.py"]}',
          severity: 'high',
          timestamp: '2026-01-01',
          resolved: false,
        },
        { module: 'madre', details: 'no json', severity: 'odd', timestamp: '2026-01-01', resolved: false },
      ])
    await vx11().audit()
    const rows = await database().open().select().from(driftReports)
    expect(rows.filter(({ resolved }) => resolved)).toEqual([])
  })

  it('is told as Markdown, by metrics and by the gate', async () => {
    const gateway = fresh()
    const gate = async () => {
      const answer = await gateway.authorized('/operator/api/gates?fresh=true')
      return v.parse(GateReport, await answer.json()).gates.find((each) => each.gate === 'no_drift')
    }
    expect(await gateway.read()).toMatchObject({ status: 'never_audited', areas: [], audited_at: null })
    expect(await gate()).toMatchObject({ verdict: 'skip', action: expect.stringContaining('npm run drift') })
    gateway.network.answer(`${madreUrl}/openapi.json`, contractOf('madre', ['POST /madre/chat']))
    await gateway.audit()
    expect(await gate()).toMatchObject({
      verdict: 'fail',
      findings: ['madre POST /madre/chat: not there; canon: served for message, session_id, context'],
    })
    const text = await (await gateway.authorized('/operator/api/drift?format=md')).text()
    expect(text).toContain(
      '| high | contracts | madre | POST /madre/chat | served for message, session\\_id, context |',
    )
    const metrics = await (await gateway.authorized('/metrics')).text()
    expect(metrics).toContain('vx11_drift_open{area="contracts",severity="high"} 1')
    expect(metrics).toContain('vx11_drift_audited_timestamp_seconds 1800000000')
    gateway.network.answer(`${madreUrl}/openapi.json`, contractOf('madre'))
    await gateway.audit()
    expect(await gate()).toMatchObject({ verdict: 'pass', measured: expect.stringContaining('0 drifts') })
    await gateway.clock.advance(weekMs + 86_400_001)
    expect(await gate()).toMatchObject({ verdict: 'fail', action: expect.stringContaining('npm run drift') })
  })
})

describe('instances on one database', () => {
  const other = { VX11_MAX_IN_FLIGHT: '77', PORT: '9999', VX11_OPERATOR_TOKEN: 'another-operator-token' }

  it('are compared by what is set, without telling a secret', async () => {
    const [one, two] = [fresh({ instance: 'one:1' }), fresh({ instance: 'two:2' }, other)]
    await one.services.minutely.drift()
    await two.services.minutely.drift()
    const { drifts, areas } = await two.audit()
    expect(areas.find(({ area }) => area === 'instances')).toMatchObject({ checked: 1, drifts: 2 })
    expect(drifts.filter(({ area }) => area === 'instances')).toMatchObject([
      { module: 'one:1', subject: 'VX11_MAX_IN_FLIGHT', expected: '77', severity: 'medium' },
      { module: 'one:1', subject: 'secrets', severity: 'medium' },
    ])
    const stored = JSON.stringify(await database().open().all(sql`select value from system_state`))
    for (const secret of [...Object.values(tokens), other.VX11_OPERATOR_TOKEN]) expect(stored).not.toContain(secret)
  })

  it('forget one that told nothing for eleven minutes', async () => {
    const [one, two] = [fresh({ instance: 'one:1' }), fresh({ instance: 'two:2' }, other)]
    await one.services.minutely.drift()
    await two.clock.advance(660_000)
    expect((await two.audit()).areas.find(({ area }) => area === 'instances')).toMatchObject({ checked: 0 })
  })

  it('audit once a week between them, and also after a restart', async () => {
    const [one, two] = [fresh({ instance: 'one:1' }), fresh({ instance: 'two:2' })]
    await Promise.all([one.services.minutely.drift(), two.services.minutely.drift()])
    const audits = async () => (await database().open().select().from(manifestatorAudit)).length
    expect(await audits()).toBe(1)
    expect(await two.read()).toMatchObject({ trigger: 'weekly', status: 'incomplete' })
    const restarted = fresh({ instance: 'one:3' })
    await restarted.clock.advance(weekMs - 60_000)
    await restarted.services.minutely.drift()
    expect(await audits()).toBe(1)
    await restarted.clock.advance(300_000)
    await restarted.services.minutely.drift()
    expect(await audits()).toBe(2)
  })
})

describe('without a database', () => {
  const away = {
    open: () => {
      throw new Error('away')
    },
    ping: () => Promise.reject(new Error('away')),
    close: async () => {},
  }

  it('the rest is audited, and says that it was not stored', async () => {
    const gateway = fresh({ database: away })
    const report = await gateway.audit()
    expect(report).toMatchObject({ status: 'incomplete', unrecorded: 'database_unavailable' })
    for (const area of ['database', 'instances'] as const)
      expect(report.unknown).toContainEqual({ area, module: 'tentaculo_link', reason: 'database_unavailable' })
    expect(await gateway.read()).toMatchObject({ audited_at: report.audited_at })
    await gateway.services.minutely.drift()
    expect(gateway.announced.filter(({ type }) => type.startsWith('gateway.drift'))).toEqual([])
  })
})

it('is not sent again to a caller that holds the last audit', async () => {
  const gateway = fresh()
  const ask = async (etag: string) => gateway.authorized('/operator/api/drift', { headers: { 'if-none-match': etag } })
  const never = (await ask('"none"')).headers.get('etag') ?? ''
  expect((await ask(never)).status).toBe(304)
  await gateway.audit()
  const audited = await ask(never)
  expect(audited.status).toBe(200)
  const held = await ask(audited.headers.get('etag') ?? '')
  expect([held.status, await held.text()]).toEqual([304, ''])
})

it('is an act of whoever asked for it, and refused to an observer', async () => {
  const gateway = fresh({}, { VX11_OPERATOR_CONTROL_ENABLED: 'false' })
  expect((await gateway.authorized('/operator/api/drift', { method: 'POST' })).status).toBe(403)
  expect((await gateway.request('/operator/api/drift', { method: 'POST' })).status).toBe(401)
  expect((await gateway.authorized('/operator/api/drift')).status).toBe(200)
})
