/** The open sockets of one place: their limits, their names, and the notices they all get. */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { CommitNotice, Random, SocketTerms } from '../../ports/index.ts'
import type { SocketRules } from './rules.ts'
import type { SocketSession } from './session.ts'
import type { SessionState } from './session-state.ts'

export class SocketRegistry {
  readonly sessions = new Set<SocketSession>()
  readonly #rules: SocketRules
  readonly #random: Random

  constructor(rules: SocketRules, random: Random) {
    this.#rules = rules
    this.#random = random
  }

  /** Throws when a limit is reached. */
  refuseWhenFull(owner: string): void {
    const { maxTotal, maxPerPrincipal } = this.#rules
    const retryAfterMs = 10_000
    if (this.sessions.size >= maxTotal) throw new GatewayError('service_overloaded', { retryAfterMs, detail: full })
    const own = [...this.sessions].filter(({ state }) => state.owner === owner).length
    if (own >= maxPerPrincipal) throw new GatewayError('too_many_requests', { retryAfterMs, detail: ownFull })
  }

  /** The state of a new socket. `since` is capped at `newest`, the end of the stream. */
  begin({ clientId, since, ...terms }: SocketTerms, newest: number, now: number): SessionState {
    const position = Math.min(since ?? newest, newest)
    const times = { activeAt: now, openedAt: now, tat: 0 }
    return { ...terms, clientId: this.#unique(clientId), position, resumes: since !== null, ...times }
  }

  notify(notice: CommitNotice): void {
    for (const session of this.sessions) session.notify(notice)
  }

  #unique(clientId: string): string {
    const isTaken = [...this.sessions].some(({ state }) => state.clientId === clientId)
    return isTaken ? `${clientId}-${this.#random.uuid().slice(0, 8)}` : clientId
  }
}

const full = 'The gateway has reached its limit of open WebSockets. Try again later, or read the events as a stream.'
const ownFull = 'This caller has reached its limit of open WebSockets. Close one first.'
