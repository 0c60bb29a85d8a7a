/** A D1 that does not answer: the binding is the real one, held back between the gateway and it. */
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { d1Database } from '../../src/adapters/d1/d1.ts'
import { testEventLog } from '../support/event-log.ts'
import { expectProblem } from '../support/expect-problem.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { testApp } from '../support/test-app.ts'

testDatabase()

/** While it is frozen, what is asked stays pending for ever; it is never answered later either. */
function freezable() {
  const state = { frozen: false }
  const hold = <T>(work: () => Promise<T>): Promise<T> => (state.frozen ? new Promise<T>(() => {}) : work())
  const statement = (real: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(real, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => statement(target.bind(...values))
        const method: unknown = Reflect.get(target, name)
        return typeof method === 'function' && state.frozen ? () => new Promise(() => {}) : method
      },
    })
  const binding = new Proxy(env.DB, {
    get(target, name) {
      if (name === 'prepare') return (query: string) => statement(target.prepare(query))
      if (name === 'batch') return (list: D1PreparedStatement[]) => hold(() => target.batch(list))
      return Reflect.get(target, name)
    },
  })
  const freeze = (frozen: boolean) => {
    state.frozen = frozen
  }
  return { binding, freeze }
}

/** Real time: the limit is the adapter's own. */
const timeoutMs = 300

function start() {
  const { binding, freeze } = freezable()
  const database = d1Database(binding, { timeoutMs })
  const clock = fakeClock()
  const events = testEventLog({ database, clock })
  const gateway = testApp({ env: { VX11_RATE_LIMIT_ENABLED: 'false' }, deps: { clock, events, database } })
  const post = () =>
    gateway.authorized('/events/ingest', {
      method: 'POST',
      body: JSON.stringify({ source: 'test', type: 'test.frozen', payload: {} }),
    })
  const stored = async () =>
    (await env.DB.prepare("SELECT count(*) AS rows FROM events WHERE event_type = 'test.frozen'").first('rows')) ?? 0
  return { ...gateway, database, post, stored, freeze }
}

describe('a D1 that does not answer', () => {
  it('is refused with 503, and used again when it answers, though what it was asked meanwhile never ends', async () => {
    const { post, freeze, stored } = start()
    expect((await post()).status).toBe(200)
    freeze(true)
    const refused = await Promise.all([post(), post()])
    for (const answer of refused) {
      expect(answer.headers.get('retry-after')).toBe('1')
      await expectProblem(answer, 'events_unavailable')
    }
    freeze(false)
    expect((await post()).status).toBe(200)
    expect(await stored()).toBe(2)
  })

  it('is not ready, by name', async () => {
    const { database, freeze } = start()
    freeze(true)
    await expect(database.ping()).rejects.toThrow('D1 did not answer in time')
    freeze(false)
    await expect(database.ping()).resolves.toBeUndefined()
  })
})
