/** Windows that requests and schedules open, before a madre with a window: collapse, budget, bounds, disuse, the clock. */
import { eq, like } from 'drizzle-orm'
import Registry from 'prom-client/lib/registry.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { prometheusMetrics } from '../../src/adapters/prometheus/metrics.ts'
import { createGateway } from '../../src/app.ts'
import { systemState } from '../../src/db/schema/madre.ts'
import { TransportError } from '../../src/errors/gateway-error.ts'
import { awayDatabase } from '../support/absent-database.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { jsonAnswer } from '../support/fake-network.ts'
import { fakeRandom } from '../support/fake-random.ts'
import { tokens } from '../support/test-app.ts'
import { api, windowsApp } from '../support/windows-app.ts'

const database = testDatabase()
beforeEach(() => database().open().delete(systemState).where(like(systemState.key, 'gateway:%')))

const waker = 'waker-token-for-the-tests'
const admin = 'admin-token-for-the-tests'
const on = {
  VX11_WAKE_ENABLED: 'true',
  VX11_TOKENS: JSON.stringify([
    { name: 'waker', token: waker, scopes: ['operator', 'wake'] },
    { name: 'plain', token: admin, scopes: ['operator'] },
  ]),
}
const switchUrl = 'http://switch.test:8002'
const minuteMs = 60_000

function vx11(env: Record<string, string> = on, given = database()) {
  const gateway = windowsApp({ HERMES_URL: 'http://hermes.test:8003', ...env }, { database: given })
  gateway.network.answer(`${switchUrl}/health`, jsonAnswer({ status: 'ok' }))
  gateway.network.answer(`${switchUrl}/switch/providers`, jsonAnswer({ providers: [] }))
  gateway.network.answer('http://hermes.test:8003/health', jsonAnswer({ status: 'ok' }))
  gateway.network.answer('http://hermes.test:8003/hermes/resources', jsonAnswer({ status: 'ok' }))
  const ask = (path = '/switch/providers', token: string = tokens.link, headers = {}) =>
    gateway.request(path, { headers: { 'x-vx11-token': token, 'x-vx11-wake': '1', ...headers } })
  const status = async () => (await gateway.authorized(`${api}/status`)).json()
  const opened = () => gateway.sent('/window/open').length
  return { ...gateway, ask, status, opened }
}

describe('a request that wakes', () => {
  it('opens a window for its module, waits for it and goes on; the next one finds it awake', async () => {
    const gateway = vx11()
    await expectProblem(await gateway.authorized('/switch/providers'), 'off_by_policy', 'OFF_BY_POLICY')
    const answer = await gateway.ask()
    expect({ status: answer.status, woken: answer.headers.get('x-vx11-woken') }).toEqual({ status: 200, woken: 'w-1' })
    expect(await answer.json()).toEqual({ providers: [] })
    const again = await gateway.ask()
    expect([again.status, again.headers.get('x-vx11-woken')]).toEqual([200, null])
    expect(gateway.opened()).toBe(1)
    expect(await gateway.status()).toMatchObject({
      ...{ status: 'open', active_services: expect.arrayContaining(['switch']), wake_enabled: true },
      woken: { window_id: 'w-1', by: 'request', name: 'link', services: ['switch'], idle_seconds: 600 },
    })
    expect(gateway.announced.find(({ type }) => type === 'gateway.window.woken')).toMatchObject({
      payload: { window_id: 'w-1', services: ['switch'], name: 'link' },
    })
    const acts = (await (await gateway.authorized('/operator/api/audit/acts?act=window.wake')).json()) as {
      acts: object[]
    }
    expect(acts.acts).toMatchObject([{ target: 'switch', outcome: 'done' }])
    expect(await (await gateway.authorized('/metrics')).text()).toContain('vx11_wakes_total{outcome="opened"} 1')
  })

  it('is one of twenty at once that share the opening', async () => {
    const gateway = vx11()
    const answers = await Promise.all(Array.from({ length: 20 }, () => gateway.ask()))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(gateway.opened()).toBe(1)
  })

  it.each([
    ['while it is off', {}, tokens.link],
    ['in observer mode', { ...on, VX11_OPERATOR_CONTROL_ENABLED: 'false' }, tokens.link],
    ['with a token without the right', on, admin],
  ])('is refused %s, and opens nothing', async (_when, env, token) => {
    const gateway = vx11(env)
    const path = token === admin ? '/hormiguero/status' : '/switch/providers'
    const hormiguero = vx11({ ...env, HORMIGUERO_URL: 'http://hormiguero.test:8004' })
    await expectProblem(await (token === admin ? hormiguero : gateway).ask(path, token), 'wake_not_allowed')
    expect(gateway.opened() + hormiguero.opened()).toBe(0)
  })

  it('needs no scope admin where its key has the right, and never less than the route asks for', async () => {
    const gateway = vx11()
    const answer = await gateway.ask('/resources', waker)
    expect([answer.status, answer.headers.get('x-vx11-woken')]).toEqual([200, 'w-1'])
    await expectProblem(await gateway.ask('/switch/providers', waker), 'forbidden')
    expect((await gateway.ask('/switch/providers', 'no-token-of-ours')).status).toBe(403)
    expect(gateway.opened()).toBe(1)
  })

  it('means nothing elsewhere, with another value, or for what is not configured', async () => {
    const gateway = vx11()
    expect((await gateway.ask('/vx11/status')).status).toBe(200)
    await expectProblem(
      await gateway.ask('/switch/providers', tokens.link, { 'x-vx11-wake': 'yes' }),
      'off_by_policy',
      'OFF_BY_POLICY',
    )
    expect(await (await gateway.ask('/hormiguero/status')).json()).toMatchObject({ status: 'service_offline' })
    expect(gateway.opened()).toBe(0)
  })

  it('takes no window away from others, and joins one that lists its module', async () => {
    const gateway = vx11()
    await gateway.post(`${api}/open`, { services: ['hermes'], ttl_seconds: 90 })
    const refused = await gateway.ask()
    expect(refused.headers.get('retry-after')).toBe('90')
    await expectProblem(refused, 'window_already_active')
    expect((await gateway.ask('/resources')).status).toBe(200)
    expect(await gateway.status()).toMatchObject({ active_services: ['hermes', 'madre'], woken: null })
    expect(gateway.opened()).toBe(1)
  })

  it('spends a budget for an hour, which joining leaves alone', async () => {
    const gateway = vx11({ ...on, VX11_WAKE_PER_HOUR: '1' })
    expect((await gateway.ask()).status).toBe(200)
    await gateway.post(`${api}/close`)
    const refused = await gateway.ask()
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3000)
    await expectProblem(refused, 'wake_budget_spent')
    await gateway.post(`${api}/open`, { services: ['switch'] })
    expect((await gateway.ask()).status).toBe(200)
    await gateway.post(`${api}/close`)
    await gateway.clock.advance(3_600_000)
    expect((await gateway.ask()).status).toBe(200)
  })

  it('has one budget for all instances, in any hour, also across its edge', async () => {
    const env = { ...on, VX11_WAKE_PER_HOUR: '2' }
    const one = vx11(env)
    const other = vx11(env)
    const at = async (minute: number, gateway = one) => {
      await gateway.clock.advance(minute * minuteMs - (gateway.clock.now() - startMs))
      const answer = await gateway.ask()
      await gateway.post(`${api}/close`)
      return answer.status === 200 ? 'opened' : Number(answer.headers.get('retry-after')) / 60
    }
    const startMs = one.clock.now()
    expect(other.clock.now()).toBe(startMs)
    expect([await at(50), await at(55, other)]).toEqual(['opened', 'opened'])
    // Two of the next hour by the clock, three within ten minutes.
    expect([await at(61), await at(62, other)]).toEqual([49, 48])
    expect([await at(109), await at(110, other), await at(111), await at(115)]).toEqual([1, 'opened', 4, 'opened'])
    expect(await at(116, other)).toBe(54)
  })

  it('opens nothing while nobody can count, and says so', async () => {
    const gateway = vx11(on, awayDatabase)
    await expectProblem(await gateway.ask(), 'database_unavailable')
    expect(gateway.opened()).toBe(0)
  })

  it('waits no longer than it may, and leaves the window to the next one', async () => {
    const gateway = vx11({ ...on, VX11_WAKE_TIMEOUT_S: '5' })
    gateway.network.answer(`${switchUrl}/health`, new TransportError('unreachable'))
    let answered = false
    const answer = Promise.resolve(gateway.ask()).finally(() => {
      answered = true
    })
    await expect.poll(() => gateway.clock.advance(500).then(() => answered)).toBe(true)
    expect((await answer).headers.get('retry-after')).toBe('5')
    await expectProblem(await answer, 'wake_timeout')
    expect(gateway.clock.now() - 1_800_000_000_000).toBeLessThan(8000)
    gateway.network.answer(`${switchUrl}/health`, jsonAnswer({ status: 'ok' }))
    expect((await gateway.ask()).status).toBe(200)
    expect(gateway.opened()).toBe(1)
  })

  it('ends with its caller, while others go on waiting', async () => {
    const gateway = vx11()
    gateway.network.answer(`${switchUrl}/health`, new TransportError('unreachable'))
    const leaving = new AbortController()
    const headers = { 'x-vx11-token': tokens.link, 'x-vx11-wake': '1' }
    const left = gateway.request('/switch/providers', { headers, signal: leaving.signal })
    const stays = gateway.ask()
    await gateway.clock.whenSleeping()
    leaving.abort()
    expect((await left).status).toBe(499)
    gateway.network.answer(`${switchUrl}/health`, jsonAnswer({ status: 'ok' }))
    let answered = false
    const answer = Promise.resolve(stays).finally(() => {
      answered = true
    })
    await expect.poll(() => gateway.clock.advance(500).then(() => answered)).toBe(true)
    expect((await answer).status).toBe(200)
  })
})

it('keeps its promises through a simulated day of requests, operators and sleep', async () => {
  const perHour = 3
  const gateway = vx11({ ...on, VX11_WAKE_PER_HOUR: String(perHour), VX11_RATE_LIMIT_PROTECTED: '100000' })
  const random = fakeRandom(11).fraction
  /** When requests opened windows. */
  const wakes: number[] = []
  for (let step = 0; step < 300; step++) {
    await gateway.clock.advance(Math.floor(random() * 600_000))
    const before = (await gateway.status()) as { active_services: string[]; window_id: string | null }
    const dice = random()
    if (dice < 0.1) await gateway.post(`${api}/open`, { services: ['hermes'], ttl_seconds: 120 })
    else if (dice < 0.2) await gateway.post(`${api}/close`)
    else if (dice < 0.3) await gateway.services.minutely.wakes()
    else {
      const answers = await Promise.all([gateway.ask(), gateway.ask(), gateway.ask()])
      const statuses = [...new Set(answers.map(({ status }) => status))]
      // All of one moment get one answer, and it is the one that the state allows.
      expect(statuses, `step ${step}`).toHaveLength(1)
      const after = (await gateway.status()) as typeof before
      const isAwake = after.active_services.includes('switch')
      expect(statuses[0] === 200, `step ${step}`).toBe(isAwake)
      if (before.window_id !== null) expect(after.window_id).toBe(before.window_id)
      else if (isAwake) wakes.push(gateway.clock.now())
    }
  }
  expect(wakes.length).toBeGreaterThan(10)
  for (const at of wakes) {
    const within = wakes.filter((other) => other >= at && other < at + 3_600_000)
    expect(within.length).toBeLessThanOrEqual(perHour)
  }
})

describe('a woken window', () => {
  it('of a real madre is closed when nothing used it, not before', async () => {
    const gateway = vx11({ ...on, VX11_WAKE_IDLE_S: '120' })
    await gateway.ask()
    const pass = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute++) {
        await gateway.clock.advance(minuteMs)
        await gateway.services.minutely.wakes()
      }
    }
    await pass(2)
    await gateway.ask()
    await pass(2)
    expect(gateway.sent('/window/close')).toHaveLength(0)
    await pass(3)
    expect(gateway.sent('/window/close')).toHaveLength(1)
  })

  it('is closed by an instance that sees no use, by what the others told of theirs', async () => {
    const gateway = vx11({ ...on, VX11_WAKE_IDLE_S: '120' })
    const { services: unseeing } = createGateway({
      ...gateway.deps,
      upstreamStates: () => ({}),
      metrics: prometheusMetrics(new Registry(), gateway.clock),
    })
    const pass = async (minutes: number) => {
      for (let minute = 0; minute < minutes; minute++) {
        await gateway.clock.advance(minuteMs)
        await unseeing.minutely.wakes()
      }
    }
    const lastUseAt = async () => {
      const [row] = await database().open().select().from(systemState).where(eq(systemState.key, 'gateway:wake'))
      return JSON.parse(row?.value ?? '{}').lastUseAt
    }
    await gateway.ask()
    await pass(2)
    await gateway.ask()
    gateway.services.tellUse()
    await expect.poll(lastUseAt).toBe(gateway.clock.now())
    await pass(2)
    expect(gateway.sent('/window/close')).toHaveLength(0)
    await pass(1)
    expect(gateway.sent('/window/close')).toHaveLength(1)
  })

  it('of another madre, or while it is off, costs the store nothing', async () => {
    for (const env of [{ VX11_WAKE_ENABLED: 'false' }, { MADRE_URL: 'embedded' }]) {
      const gateway = vx11({ ...on, ...env }, awayDatabase)
      await gateway.post(`${api}/open`, { services: ['switch'] })
      await gateway.authorized('/switch/providers')
      gateway.services.tellUse()
      expect(gateway.logLines).not.toContainEqual(expect.objectContaining({ event: 'use_not_told' }))
    }
  })

  it('that an operator opened stays, however little it is used', async () => {
    const gateway = vx11({ ...on, VX11_WAKE_IDLE_S: '60', VX11_WAKE_MAX_S: '60' })
    await gateway.post(`${api}/open`, { services: ['switch'], ttl_seconds: 3600 })
    for (let minute = 0; minute < 10; minute++) {
      await gateway.clock.advance(minuteMs)
      await gateway.services.minutely.wakes()
    }
    expect(gateway.sent('/window/close')).toHaveLength(0)
  })

  it('of the embedded madre is renewed by use and ends by disuse', async () => {
    const gateway = vx11({ ...on, MADRE_URL: 'embedded', VX11_WAKE_IDLE_S: '60' })
    expect((await gateway.ask()).status).toBe(200)
    expect(await gateway.status()).toMatchObject({
      ttl_seconds: expect.any(Number),
      renewal: { ttl_seconds: 60 },
      woken: { by: 'request', idle_seconds: 60 },
    })
    await gateway.clock.advance(61_000)
    await expectProblem(await gateway.authorized('/switch/providers'), 'off_by_policy', 'OFF_BY_POLICY')
  })
})

describe('a schedule', () => {
  // 1 800 000 000 is 2027-01-15T08:00:00Z, a Friday.
  const schedule = { name: 'morning', cron: '5 8 * * *', services: ['switch'], ttl_seconds: 600 }
  const scheduled = (...more: object[]) => ({ VX11_WINDOW_SCHEDULES: JSON.stringify([schedule, ...more]) })
  const pass = async (gateway: ReturnType<typeof vx11>, minutes: number) => {
    for (let minute = 0; minute < minutes; minute++) {
      await gateway.clock.advance(minuteMs)
      await gateway.services.minutely.wakes()
    }
  }

  it('opens its window once a turn, whichever of two instances is first', async () => {
    const [one, two] = [vx11(scheduled()), vx11(scheduled())]
    expect(await one.status()).toMatchObject({
      schedules: [{ name: 'morning', timezone: 'UTC', next_at: '2027-01-15T08:05:00.000Z', last: null }],
    })
    await pass(one, 4)
    expect(one.opened()).toBe(0)
    await pass(one, 1)
    expect(one.opened()).toBe(1)
    await pass(two, 8)
    expect(two.opened()).toBe(0)
    expect(await one.status()).toMatchObject({
      woken: { by: 'schedule', name: 'morning', idle_seconds: null },
      schedules: [
        {
          next_at: '2027-01-16T08:05:00.000Z',
          last: { due_at: '2027-01-15T08:05:00.000Z', outcome: 'opened', window_id: 'w-1' },
        },
      ],
    })
    await pass(one, 12)
    expect(await one.status()).toMatchObject({ status: 'none', woken: null })
    expect(one.opened()).toBe(1)
  })

  it('that another window is in the way of tries again, and tells of it once', async () => {
    const gateway = vx11(scheduled())
    await gateway.post(`${api}/open`, { services: ['hermes'], ttl_seconds: 400 })
    await pass(gateway, 6)
    expect(await gateway.status()).toMatchObject({
      schedules: [{ last: { outcome: 'failed', reason: 'window_already_active' } }],
    })
    await pass(gateway, 2)
    expect(await gateway.status()).toMatchObject({ schedules: [{ last: { outcome: 'opened' } }] })
    expect(gateway.announced.filter(({ type }) => /woken/.test(type)).map(({ type }) => type)).toEqual([
      ...['gateway.window.not_woken', 'gateway.window.woken'],
    ])
  })

  it('is left out after ten minutes away, and in observer mode', async () => {
    const late = vx11(scheduled())
    await late.clock.advance(16 * minuteMs)
    await late.services.minutely.wakes()
    expect(late.opened()).toBe(0)
    const observer = vx11({ ...scheduled(), VX11_OPERATOR_CONTROL_ENABLED: 'false' })
    await pass(observer, 8)
    expect(observer.opened()).toBe(0)
  })

  it.each([
    ['no JSON', 'at eight', 'must be a JSON list'],
    ['six fields', JSON.stringify([{ ...schedule, cron: '0 5 8 * * *' }]), 'cron must have five fields'],
    ['a place that is none', JSON.stringify([{ ...schedule, timezone: 'Mars/Olympus' }]), 'an IANA name'],
    ['a foreign service', JSON.stringify([{ ...schedule, services: ['redis'] }]), 'VX11_ALLOWED_WINDOW_SERVICES'],
    ['one name twice', JSON.stringify([schedule, schedule]), 'name must differ'],
    ['a misspelt member', JSON.stringify([{ ...schedule, ttl: 5 }]), 'must be a JSON list'],
  ])('is refused at the start with %s', (_what, text, words) => {
    expect(() => vx11({ VX11_WINDOW_SCHEDULES: text })).toThrow(words)
  })
})
