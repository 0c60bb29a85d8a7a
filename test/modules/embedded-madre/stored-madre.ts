/** What the embedded madre keeps, on every database: one window for all instances, its history, intents. */
import { desc, eq } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../../../src/db/database.ts'
import { intentsLog, systemState, tasks } from '../../../src/db/schema/madre.ts'
import { announceExpiry } from '../../../src/modules/embedded-madre/app.ts'
import { windowKey } from '../../../src/modules/embedded-madre/windows/window-store.ts'
import { forgetWindows, type Madre, madreClient, madreDeps, recordedEvents } from './madres.ts'

export function describeStoredMadre(store: string, openDatabase: () => Database): void {
  describe(`the embedded madre on ${store}`, () => {
    let database: Database
    let deps: ReturnType<typeof madreDeps>
    let madre: Madre
    beforeEach(async () => {
      database = openDatabase()
      await forgetWindows(database)
      deps = madreDeps(database)
      madre = madreClient(deps)
    })

    const actions = async () => (await recordedEvents(database)).map(({ action }) => action)
    const storedText = async () => {
      const rows = await database.open().select().from(systemState).where(eq(systemState.key, windowKey))
      return rows[0]?.value
    }
    const store = (value: string | null) =>
      database
        .open()
        .insert(systemState)
        .values({ key: windowKey, value })
        .onConflictDoUpdate({ target: systemState.key, set: { value } })

    it('knows the window when it is made anew', async () => {
      const { body } = await madre.open({ services: ['switch'], ttl_sec: 60 })
      const again = madreClient(deps)
      expect(await again.state()).toMatchObject({ window_id: body.window_id, ttl_remaining_sec: 60 })
      expect((await again.close()).body).toMatchObject({ window_id: body.window_id })
      expect((await madre.state()).policy).toBe('solo_madre')
    })

    it('lets one of ten racing callers open a window', async () => {
      for (const round of [1, 2]) {
        const madres = Array.from({ length: 10 }, () => madreClient(deps))
        const answers = await Promise.all(madres.map((each) => each.open({ services: ['switch'], ttl_sec: 60 })))
        const winner = answers.find(({ status }) => status === 200)?.body.window_id
        const losers = answers.filter(({ status }) => status === 409)
        expect(losers, `round ${round}`).toHaveLength(9)
        for (const { body } of losers) expect(body.detail).toContain(winner)
        expect((await madre.state()).window_id).toBe(winner)
        await madre.close()
      }
      expect(await actions()).toEqual(['window_opened', 'window_closed', 'window_opened', 'window_closed'])
    })

    it('lets one of ten racing callers close it', async () => {
      await madre.open({ services: ['switch'], mode: 'hold' })
      const answers = await Promise.all(Array.from({ length: 10 }, () => madreClient(deps).close()))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(404)])
      expect(await actions()).toEqual(['window_opened', 'window_closed'])
    })

    it('records an end once, however many see it, and before it opens the next window', async () => {
      await madre.open({ services: ['switch'], ttl_sec: 10 })
      await deps.clock.advance(10_500)
      const others = Array.from({ length: 5 }, () => madreClient(deps))
      const [opened, ...states] = await Promise.all([
        others[0]?.open({ services: ['hermes'], ttl_sec: 10 }),
        ...others.map((each) => each.state()),
        announceExpiry(deps),
      ])
      expect(opened?.status).toBe(200)
      expect(states).toHaveLength(6)
      expect(await actions()).toEqual(['window_opened', 'window_expired', 'window_opened'])
    })

    it('announces an end that nobody asked about', async () => {
      await announceExpiry(deps)
      await madre.open({ services: ['switch'], ttl_sec: 10 })
      await announceExpiry(deps)
      expect(await actions()).toEqual(['window_opened'])
      await deps.clock.advance(10_000)
      await announceExpiry(deps)
      await announceExpiry(deps)
      expect(await actions()).toEqual(['window_opened', 'window_expired'])
    })

    it.each([1, 86_400])('takes a window of %d s and keeps it that long', async (ttl_sec) => {
      expect((await madre.open({ services: ['switch'], ttl_sec })).body.ttl_remaining_sec).toBe(ttl_sec)
      await deps.clock.advance(ttl_sec * 1000 - 1)
      expect((await madre.state()).policy).toBe('windowed')
      await deps.clock.advance(1)
      expect((await madre.state()).policy).toBe('solo_madre')
    })

    it('tells the whole story in power_events', async () => {
      const reason = `because\u0000 "I" said; ${'🐙'.repeat(300)}`
      const { body } = await madre.open({ services: ['switch', 'switch', 'hermes'], ttl_sec: 10, reason })
      await deps.clock.advance(70_000)
      await madre.state()
      await madre.open({ services: ['mcp'], mode: 'hold' })
      expect((await madre.post('/madre/power/policy/solo_madre/apply', {})).body).toMatchObject({
        closed_window_id: expect.any(String),
        executed: [],
      })
      const events = await recordedEvents(database)
      expect(events.map(({ action }) => action)).toEqual([
        'window_opened',
        'window_expired',
        'window_opened',
        'window_closed',
      ])
      const [first, second] = events
      expect(first).toMatchObject({ module: 'madre', cpuUsage: null, ramUsage: null, activityScore: null })
      expect(first?.reason).toMatch(new RegExp(`^${body.window_id} switch,hermes: because  "I" said; 🐙+$`, 'u'))
      expect([...(first?.reason ?? '')]).toHaveLength(255)
      // A window ends at its deadline, whenever somebody notices.
      const ended = new Date(deps.clock.now() - 60_000).toISOString()
      expect(second?.timestamp).toBe(ended.replace('T', ' ').replace('Z', '000'))
    })

    it('keeps one row of state, without readings that nobody took', async () => {
      await madre.open({ services: ['switch'], ttl_sec: 10 })
      await madre.close()
      const rows = await database.open().select().from(systemState).where(eq(systemState.key, windowKey))
      expect(rows).toMatchObject([{ value: '{"window":null}', memoryPressure: null, powerMode: null }])
    })

    it.each([null, '', 'no JSON', '{"window":{"id":5}}', '[]', '{"window":null}'])(
      'takes %j in the database for no window, and opens one over it',
      async (text) => {
        await store(text)
        expect((await madre.state()).policy).toBe('solo_madre')
        expect((await madre.close()).status).toBe(404)
        expect((await madre.open({ services: ['switch'], ttl_sec: 60 })).status).toBe(200)
        expect(await storedText()).toContain('"services":["switch"]')
        expect(await actions()).toEqual(['window_opened'])
      },
    )

    it('keeps the intent as it came, and no task for it', async () => {
      const payload = { __proto__x: [1, { deep: '\ud800 \u0000 🐙' }], "quote'": true }
      const intent = { type: 'scan', payload, source: 'spawner', correlation_id: crypto.randomUUID() }
      const { body } = await madre.post('/madre/intent', intent)
      const [row] = await database.open().select().from(intentsLog).orderBy(desc(intentsLog.id)).limit(1)
      expect(row).toMatchObject({ id: body.intent_log_id, source: 'spawner', resultStatus: 'planned' })
      expect(JSON.parse(row?.payloadJson ?? '')).toEqual(intent)
      expect(body.task_id).toBeNull()
    })

    it('fails what needs another module, and remembers that', async () => {
      const correlation_id = crypto.randomUUID()
      const { status, body } = await madre.post('/vx11/intent', {
        intent_type: 'task',
        require: { switch: true },
        correlation_id,
      })
      expect(status).toBe(200)
      expect(body).toMatchObject({ status: 'ERROR', mode: 'SWITCH', provider: null, response: null, degraded: true })
      expect((await madreClient(deps).ask(`/vx11/result/${correlation_id}`)).body).toEqual({
        ...{ correlation_id, status: 'ERROR', result: null, error: body.error, mode: 'SWITCH', provider: null },
        degraded: true,
      })
      const [row] = await database.open().select().from(intentsLog).orderBy(desc(intentsLog.id)).limit(1)
      expect(row).toMatchObject({ resultStatus: 'error', source: 'operator' })
    })

    it('takes an id once, of ten at the same moment', async () => {
      const intent = { intent_type: 'chat', correlation_id: `id/ñ ${crypto.randomUUID()}` }
      const count = () => database.open().$count(intentsLog)
      const before = await count()
      const answers = await Promise.all(Array.from({ length: 10 }, () => madre.post('/vx11/intent', intent)))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(409)])
      expect(await count()).toBe(before + 1)
      const found = await madre.ask(`/vx11/result/${encodeURIComponent(intent.correlation_id)}`)
      expect(found.body.correlation_id).toBe(intent.correlation_id)
    })

    it('keeps its hands off tasks of others', async () => {
      const uuid = crypto.randomUUID()
      await database.open().insert(tasks).values({ uuid, name: 'theirs', module: 'spawner', action: 'spawn' })
      expect((await madre.ask(`/vx11/result/${uuid}`)).status).toBe(404)
      expect((await madre.post('/vx11/intent', { intent_type: 'chat', correlation_id: uuid })).status).toBe(409)
    })
  })
}
