/** A gateway over a real database and event log that hands out keys; several over one database are several instances. */
import * as v from 'valibot'
import { expect } from 'vitest'
import { memoryEventHub } from '../../src/adapters/memory/event-hub.ts'
import { systemRandom } from '../../src/adapters/system/random.ts'
import type { Database } from '../../src/db/database.ts'
import { Key, KeyList, MadeKey } from '../../src/features/keys/schema.ts'
import { hubKeyNotices } from '../../src/modules/keys/hub-notices.ts'
import type { Deps, EventHub } from '../../src/ports/index.ts'
import { testEventLog } from './event-log.ts'
import type { FakeClock } from './fake-clock.ts'
import { testApp, tokens } from './test-app.ts'

export const keysPath = '/operator/api/keys'

interface KeysApp {
  database: Database
  clock?: FakeClock
  env?: Record<string, string>
  deps?: Partial<Deps>
  /** Shared with other instances. */
  hub?: EventHub
}

export function keysApp({ database, clock = testApp().clock, env = {}, deps = {}, hub = memoryEventHub() }: KeysApp) {
  const work: Promise<unknown>[] = []
  const events = testEventLog({ database, clock, hub })
  const background = (done: Promise<unknown>) => void work.push(done)
  const keyNotices = hubKeyNotices(hub)
  const shared = { database, events, clock, background, keyNotices, random: systemRandom() }
  const app = testApp({ env, deps: { ...shared, ...deps } })

  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.request(`${keysPath}${path}`, {
      method,
      headers: { 'x-vx11-token': tokens.link, ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  async function parsed<S extends v.GenericSchema>(answer: Response | Promise<Response>, schema: S, status = 200) {
    const response = await answer
    const text = await response.text()
    expect({ status: response.status, text }).toMatchObject({ status })
    return v.parse(schema, JSON.parse(text))
  }
  return {
    ...app,
    clock,
    events,
    send,
    /** Resolves when everything that requests left in the background is done. */
    settled: async () => void (await Promise.all(work)),
    create: async (changes: object = {}, headers = {}) =>
      parsed(send('POST', '', { name: 'ci', scopes: ['operator'], ...changes }, headers), MadeKey, 201),
    list: (query = '') => parsed(send('GET', query), KeyList),
    show: (id: string) => parsed(send('GET', `/${id}`), Key),
    change: (id: string, changes: object) => parsed(send('PATCH', `/${id}`, changes), Key),
    reroll: (id: string, body: object = {}) => parsed(send('POST', `/${id}/reroll`, body), MadeKey),
    revoke: (id: string) => parsed(send('DELETE', `/${id}`), Key),
    /** The status of a read with this token. */
    as: async (token: string | null, path = '/operator/api/whoami', init: RequestInit = {}) =>
      app.request(path, { ...init, headers: { 'x-vx11-token': token ?? '', ...(init.headers as object) } }),
  }
}
