/** How many WebSockets may lead to upstreams, of one caller and in all. A place is taken before the handshake. */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { Clock } from '../../ports/index.ts'
import { defaultLimits } from '../target.ts'
import { type Relay, relayRules } from './relay.ts'

export interface PlaceRules {
  mostPerPrincipal: number
  mostInAll: number
}

export const placeRules: PlaceRules = { mostPerPrincipal: 100, mostInAll: 1000 }

/** On workerd code may end between two lines; a place that was never given back runs out. */
const graceMs = 5000
const handshakeMs = defaultLimits.connectMs + defaultLimits.firstByteMs + graceMs
/** No relay lives longer without a message. */
const silenceMs = relayRules.idleMs + relayRules.closeWithinMs + graceMs

export class SocketPlaces {
  readonly #taken = new Set<Place>()
  readonly #clock: Clock
  readonly #rules: PlaceRules

  constructor(clock: Clock, rules = placeRules) {
    this.#clock = clock
    this.#rules = rules
  }

  /** Throws when there is no room. */
  take(owner: string): Place {
    const { mostInAll, mostPerPrincipal } = this.#rules
    const own = () => [...this.#taken].filter((place) => place.owner === owner).length
    const isFull = () => this.#taken.size >= mostInAll || own() >= mostPerPrincipal
    if (isFull()) this.#dropExpired()
    if (this.#taken.size >= mostInAll) throw new GatewayError('service_overloaded', { retryAfterMs, detail: full })
    if (own() >= mostPerPrincipal) throw new GatewayError('too_many_requests', { retryAfterMs, detail: ownFull })
    const place = new Place(owner, this.#clock.now(), () => this.#taken.delete(place))
    this.#taken.add(place)
    return place
  }

  #dropExpired(): void {
    const now = this.#clock.now()
    for (const place of this.#taken) if (place.expiresAt < now) place.leave()
  }
}

export class Place {
  readonly owner: string
  /** For ever; may be called twice. */
  readonly leave: () => void
  readonly #takenAt: number
  #relay: Relay | undefined

  constructor(owner: string, takenAt: number, leave: () => void) {
    this.owner = owner
    this.#takenAt = takenAt
    this.leave = leave
  }

  /** The handshake is over, and the place is the relay's. */
  give(relay: Relay): void {
    this.#relay = relay
  }

  /** What came of the handshake is no relay. */
  leaveUnlessGiven(): void {
    if (!this.#relay) this.leave()
  }

  get expiresAt(): number {
    return this.#relay ? this.#relay.lastMessageAt + silenceMs : this.#takenAt + handshakeMs
  }
}

const retryAfterMs = 10_000
const full = 'As many WebSockets as the gateway carries to upstreams are open. Try again later.'
const ownFull = 'This caller has as many WebSockets to upstreams open as it may. Close one first.'
