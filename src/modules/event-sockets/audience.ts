/** All sockets of one place: how many there may be, what each is called, and what all of them hear. */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { CommitNotice, Random, SocketTerms } from '../../ports/index.ts'
import type { SocketRules } from './rules.ts'
import type { SessionState, SocketSession } from './session.ts'

export class Audience {
  readonly sessions = new Set<SocketSession>()
  readonly #rules: SocketRules
  readonly #random: Random

  constructor(rules: SocketRules, random: Random) {
    this.#rules = rules
    this.#random = random
  }

  /** Throws when there is no room. */
  refuseWhenFull(owner: string): void {
    const { maxTotal, maxPerPrincipal } = this.#rules
    const retryAfterMs = 10_000
    if (this.sessions.size >= maxTotal) throw new GatewayError('service_overloaded', { retryAfterMs, detail: full })
    const own = [...this.sessions].filter(({ state }) => state.owner === owner).length
    if (own >= maxPerPrincipal) throw new GatewayError('too_many_requests', { retryAfterMs, detail: ownFull })
  }

  /** How a new socket begins. `newest` is the stream's end: `since` may not lie behind it. */
  begin({ clientId, since, ...terms }: SocketTerms, newest: number, now: number): SessionState {
    const position = Math.min(since ?? newest, newest)
    return { ...terms, clientId: this.#unique(clientId), position, activeAt: now, openedAt: now, tat: 0 }
  }

  hear(news: CommitNotice): void {
    for (const session of this.sessions) session.hear(news)
  }

  #unique(clientId: string): string {
    const isTaken = [...this.sessions].some(({ state }) => state.clientId === clientId)
    return isTaken ? `${clientId}-${this.#random.uuid().slice(0, 8)}` : clientId
  }
}

const full = 'As many WebSockets as the gateway holds are open. Try again later, or read the events as a stream.'
const ownFull = 'This caller has as many WebSockets open as it may. Close one first.'
