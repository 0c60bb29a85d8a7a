/** Sockets of /ws without a network: the real sessions over peers that a test plays. */
import type { Context } from 'hono'
import { localSockets } from '../../src/modules/event-sockets/local.ts'
import { type SocketRules, socketRules } from '../../src/modules/event-sockets/rules.ts'
import type { EventLog, NewEvent, OpenSocket, SocketTerms } from '../../src/ports/index.ts'
import { fakeClock } from './fake-clock.ts'
import { fakeRandom } from './fake-random.ts'
import { memoryEventLog } from './memory-event-log.ts'
import { type FakePeer, fakePeer } from './websocket-peer.ts'

type Frame = Record<string, unknown>

export interface TestSocket {
  peer: FakePeer
  say(message: string | Uint8Array | object): void
  /** Frames since it was asked last, parsed where they are JSON. */
  heard(): Frame[]
  /** The network reports the connection closed. */
  gone(code?: number): void
}

export const alert = (id: string, more: object = {}) => ({
  type: 'system.alert',
  alert_id: id,
  severity: 'L2',
  message: `alert ${id}`,
  timestamp: 1,
  ...more,
})

export const told = (id: string, more: Partial<NewEvent> = {}): NewEvent => ({
  source: 'madre',
  type: 'system.alert',
  payload: { alert_id: id },
  severity: 'info',
  module: null,
  correlationId: null,
  summary: id,
  ...more,
})

export function socketHall(changed: Partial<SocketRules> = {}, change: (log: EventLog) => EventLog = (log) => log) {
  const clock = fakeClock()
  const rules = { ...socketRules, ...changed }
  const events = change(memoryEventLog(clock))
  const lines: [string, object | undefined][] = []
  const note = (event: string, fields?: object) => lines.push([event, fields])
  const open = new Set<OpenSocket>()
  const peers = new WeakMap<Context, FakePeer>()
  const sockets = localSockets(
    {
      ...{ clock, events, random: fakeRandom() },
      log: { debug: note, info: note, warn: note, error: note },
      webSockets: {
        canAccept: () => true,
        accept(c) {
          const peer = fakePeer()
          peers.set(c, peer)
          return { answer: new Response(null), peer }
        },
        open,
      },
    },
    rules,
  )

  async function enter(terms: Partial<SocketTerms> = {}): Promise<TestSocket> {
    const whole = {
      clientId: 'console',
      owner: 'link',
      principal: 'link',
      mayStore: true,
      filter: {},
      since: null,
      endsAt: null,
      ...terms,
    }
    const c = {} as Context
    await sockets.open(c, whole, { protocol: null, headers: new Headers() })
    const peer = peers.get(c)
    if (!peer) throw new Error('nobody was accepted')
    return actor(peer)
  }
  return { clock, events, lines, open, rules, enter }
}

function actor(peer: FakePeer): TestSocket {
  return {
    peer,
    say: (message) =>
      peer.events.message(
        typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message),
      ),
    heard: () => peer.sent.splice(0).map((frame) => parse(String(frame))),
    gone: (code = 1006) => peer.events.closed(code, ''),
  }
}

function parse(text: string): Frame {
  try {
    return JSON.parse(text)
  } catch {
    return { text }
  }
}

/** What was begun without anybody waiting for it goes on until it waits for the clock or the network. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setTimeout(resolve, 0))
}
