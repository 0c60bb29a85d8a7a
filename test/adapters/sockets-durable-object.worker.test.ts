import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import type { Context } from 'hono'
import { describe, expect, it } from 'vitest'
import { testDatabase } from '#test-database'
import { durableObjectEvents, type EventsObject } from '../../src/adapters/durable-object/events.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { socketRules } from '../../src/modules/event-sockets/rules.ts'
import type { SessionState } from '../../src/modules/event-sockets/session-state.ts'
import type { KeyNotice, SocketTerms } from '../../src/ports/index.ts'
import { someEvent } from '../support/event-log.ts'
import { alert } from '../support/socket-hall.ts'

declare global {
  namespace Cloudflare {
    interface Env {
      EVENTS: DurableObjectNamespace<EventsObject>
    }
  }
}

testDatabase()

const { append, sockets } = durableObjectEvents(env.EVENTS, systemClock())
const stub = () => env.EVENTS.get(env.EVENTS.idFromName('events'))

type Frame = Record<string, unknown>

class Caller {
  readonly frames: Frame[] = []
  closed: [code: number, reason: string] | undefined
  readonly #socket: WebSocket
  #read = 0

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.accept()
    socket.addEventListener('message', ({ data }) => this.frames.push(parse(String(data))))
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed = [code, reason]
    })
  }

  say(message: object | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  }

  async next(): Promise<Frame> {
    await expect.poll(() => this.frames.length).toBeGreaterThan(this.#read)
    return this.frames[this.#read++] ?? {}
  }

  leave(): void {
    this.#socket.close(1000)
  }
}

const parse = (text: string): Frame => (text.startsWith('{') ? JSON.parse(text) : { text })

async function enter(terms: Partial<SocketTerms> = {}): Promise<Caller> {
  const whole = { clientId: 'c', owner: 'link', mayStore: true, filter: {}, since: null, endsAt: null, ...terms }
  const answer = await sockets.open({} as Context, whole, { protocol: null, headers: new Headers() })
  if (!answer.webSocket) throw new Error('no WebSocket')
  return new Caller(answer.webSocket)
}

const event = (id: string, more = {}) => someEvent({ type: 'system.alert', payload: { alert_id: id }, ...more })

describe('the sockets of the events object', () => {
  it('hear, after the object slept, what comes then, under the names and filters that they had', async () => {
    const [all, shub] = [
      await enter({ clientId: 'sleeper' }),
      await enter({ clientId: 'shub', filter: { module: 'shub' } }),
    ]
    expect(await all.next()).toEqual({ channel: 'control', type: 'connected', client_id: 'sleeper' })
    await shub.next()
    await append([event('before')])
    expect(await all.next()).toMatchObject({ alert_id: 'before' })
    await evictDurableObject(stub())
    await append([event('first'), event('second', { module: 'shub' })])
    expect(await all.next()).toMatchObject({ alert_id: 'first' })
    expect(await all.next()).toMatchObject({ alert_id: 'second' })
    expect(await shub.next()).toMatchObject({ alert_id: 'second' })
    const namesake = await enter({ clientId: 'sleeper' })
    expect((await namesake.next()).client_id).toMatch(/^sleeper-[0-9a-f]{8}$/)
    await evictDurableObject(stub())
    all.say(alert('after the second sleep'))
    expect(await all.next()).toMatchObject({ alert_id: 'after the second sleep' })
    expect(await all.next()).toMatchObject({ channel: 'control', type: 'stored' })
    expect(await namesake.next()).toMatchObject({ channel: 'event', alert_id: 'after the second sleep' })
    for (const caller of [all, shub, namesake]) caller.leave()
  })

  it('go on behind `since`, and are told each event once', async () => {
    const { first } = await append(Array.from({ length: 250 }, (_, i) => event(String(i))))
    const caller = await enter({ since: first - 1 })
    await caller.next()
    await append([event('live')])
    const ids: unknown[] = []
    for (let i = 0; i < 251; i++) ids.push((await caller.next()).stream_id)
    expect(ids).toEqual(Array.from({ length: 251 }, (_, i) => first + i))
    caller.leave()
  })

  it('get the answer to a ping while the object sleeps', async () => {
    const caller = await enter()
    await caller.next()
    await evictDurableObject(stub())
    caller.say('ping')
    expect(await caller.next()).toEqual({ text: 'pong' })
    caller.leave()
  })

  it('are closed by the alarm when nobody said anything for an hour, though the object slept', async () => {
    const [idle, pinging] = [await enter({ clientId: 'idle' }), await enter({ clientId: 'pinging' })]
    await Promise.all([idle.next(), pinging.next()])
    await runInDurableObject(stub(), async (_object, context) => {
      for (const socket of context.getWebSockets('socket')) {
        const state = socket.deserializeAttachment() as SessionState
        socket.serializeAttachment({ ...state, activeAt: state.activeAt - socketRules.idleMs })
      }
    })
    await evictDurableObject(stub())
    pinging.say('ping')
    await pinging.next()
    expect(await runDurableObjectAlarm(stub())).toBe(true)
    await expect.poll(() => idle.closed).toEqual([1001, 'idle'])
    expect(pinging.closed).toBeUndefined()
    pinging.leave()
  })

  it('are closed by the alarm when the caller’s token has ended', async () => {
    const caller = await enter({ endsAt: Date.now() + 500 })
    await caller.next()
    await expect.poll(() => caller.closed).toEqual([1008, 'token expired'])
  })

  it('end with the key that they were opened with: when it is revoked, loses a scope, or comes to an end', async () => {
    const holder = (id: string): Partial<SocketTerms> => ({
      keyHolder: {
        ...{ name: `key:${id}`, scopes: ['operator'], notAfterMs: null },
        key: { id, name: id, limits: {}, credential: 'mark' },
      },
    })
    const change = (id: string, told: Partial<KeyNotice>) => {
      const credentials = [{ mark: 'mark', notAfterMs: null }]
      const keys: KeyNotice[] = [{ id, scopes: ['operator'], limits: {}, credentials, ...told }]
      return append([event(`about ${id}`)], undefined, { keys })
    }
    const names = ['revoked', 'rerolled', 'narrowed', 'ending', 'limited'] as const
    const callers = await Promise.all(names.map((name) => enter(holder(name))))
    const [revoked, rerolled, narrowed, ending, limited] = callers
    for (const caller of callers) await caller.next()
    await change('revoked', { credentials: [] })
    await change('rerolled', { credentials: [{ mark: 'next', notAfterMs: null }] })
    await change('narrowed', { scopes: ['shub'] })
    await change('ending', { credentials: [{ mark: 'mark', notAfterMs: Date.now() + 500 }] })
    await change('limited', { limits: { user: 5 } })
    for (const caller of [revoked, rerolled, narrowed])
      await expect.poll(() => caller?.closed).toEqual([1008, 'key revoked'])
    await expect.poll(() => ending?.closed).toEqual([1008, 'token expired'])
    expect(limited?.closed).toBeUndefined()
    await evictDurableObject(stub())
    // An isolate that does not know yet lets it in.
    const late = await enter(holder('revoked'))
    await expect.poll(() => late.closed).toEqual([1008, 'key revoked'])
    limited?.leave()
  })

  it('are as many as one caller may have, over all isolates, and one that leaves makes room', async () => {
    const callers: Caller[] = []
    for (let i = 0; i < socketRules.maxPerPrincipal; i++) callers.push(await enter({ owner: 'greedy' }))
    await expect(enter({ owner: 'greedy' })).rejects.toMatchObject({ code: 'too_many_requests' })
    callers.pop()?.leave()
    await expect
      .poll(() =>
        enter({ owner: 'greedy' }).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true)
    for (const caller of callers) caller.leave()
  })
})
