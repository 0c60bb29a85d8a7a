/** Limits WebSockets to upstreams, per caller and in total. A slot is taken before the handshake. */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { Clock } from '../../ports/index.ts'
import { defaultLimits } from '../target.ts'
import { type Relay, relayRules } from './relay.ts'

export interface SlotLimits {
  maxPerPrincipal: number
  maxTotal: number
}

const slotLimits: SlotLimits = { maxPerPrincipal: 100, maxTotal: 1000 }

/** On workerd a request's code may end at any point, so slots expire. */
const graceMs = 5000
const handshakeMs = defaultLimits.connectMs + defaultLimits.firstByteMs + graceMs
/** Longest life of a relay without messages. */
const silenceMs = relayRules.idleMs + relayRules.closeWithinMs + graceMs

export class SocketSlots {
  readonly #taken = new Set<SocketSlot>()
  readonly #clock: Clock
  readonly #rules: SlotLimits

  constructor(clock: Clock, rules = slotLimits) {
    this.#clock = clock
    this.#rules = rules
  }

  /** Throws when the limit is reached. */
  take(owner: string): SocketSlot {
    const { maxTotal, maxPerPrincipal } = this.#rules
    const own = () => [...this.#taken].filter((place) => place.owner === owner).length
    this.#dropExpired()
    if (this.#taken.size >= maxTotal) throw new GatewayError('service_overloaded', { retryAfterMs, detail: full })
    if (own() >= maxPerPrincipal) throw new GatewayError('too_many_requests', { retryAfterMs, detail: ownFull })
    const place = new SocketSlot(owner, this.#clock.monotonic(), () => {
      if (this.#taken.delete(place)) place.ended?.()
    })
    this.#taken.add(place)
    return place
  }

  #dropExpired(): void {
    const now = this.#clock.monotonic()
    for (const place of this.#taken) if (place.expiresAt < now) place.leave()
  }
}

export class SocketSlot {
  readonly owner: string
  /** Releases the slot; may be called twice. */
  readonly leave: () => void
  /** Called when the slot is released after its handshake. */
  ended: (() => void) | undefined
  readonly #takenAt: number
  #relay: Relay | undefined

  constructor(owner: string, takenAt: number, leave: () => void) {
    this.owner = owner
    this.#takenAt = takenAt
    this.leave = leave
  }

  /** The handshake is complete; the relay owns the slot now. */
  give(relay: Relay, ended?: () => void): void {
    this.#relay = relay
    this.ended = ended
  }

  /** Releases the slot if the handshake produced no relay. */
  leaveUnlessGiven(): void {
    if (!this.#relay) this.leave()
  }

  get expiresAt(): number {
    return this.#relay ? this.#relay.lastMessageAt + silenceMs : this.#takenAt + handshakeMs
  }
}

const retryAfterMs = 10_000
const full = 'The gateway has reached its limit of WebSockets to upstreams. Try again later.'
const ownFull = 'This principal has reached its limit of WebSockets to upstreams. Close one first.'
