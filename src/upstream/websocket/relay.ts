/** Relays messages between a caller and an upstream, in order, until one of them or the gateway closes. */
import type { UpstreamName } from '../../config/config.ts'
import type { Clock, CredentialEnd, OpenSocket, WebSocketPeer } from '../../ports/index.ts'
import { type Close, exceeds, forwardedClose } from './message.ts'
import { closeWhenIdle, closeWithCredential, closeWithWindow, keepAlive } from './watch.ts'

export interface RelayRules {
  maxMessageBytes: number
  /** Above this many unsent bytes to one end, reading from the other pauses; it resumes below a quarter of it. */
  highWaterBytes: number
  /** Ping interval; an end without a sign of life until the next ping is dropped. */
  pingEveryMs: number
  /** Longest time without a message in either direction. */
  idleMs: number
  /** Time limit of the closing handshake. */
  closeWithinMs: number
}

export const relayRules: RelayRules = {
  maxMessageBytes: 1_048_576,
  highWaterBytes: 262_144,
  pingEveryMs: 30_000,
  idleMs: 600_000,
  closeWithinMs: 30_000,
}

export interface RelayEnd {
  by: 'caller' | 'upstream' | 'gateway'
  code: number
  /** Messages in both directions. */
  messages: number
}

export interface Relaying {
  leadsTo?: UpstreamName
  clock: Clock
  rules: RelayRules
  /** Resolves when the power window that allowed the relay ends; absent if none is needed. */
  windowEnd?: (closing: AbortSignal) => Promise<void>
  /** Resolves when the caller's credential ends; absent if it lasts. */
  credentialEnd?: (closing: AbortSignal) => Promise<CredentialEnd>
  /** Called once, when closing begins. */
  ended: (end: RelayEnd) => void
  /** Called once, when both connections have ended. */
  finished: () => void
}

/** The relay's state of one end. */
export interface Side {
  readonly name: 'caller' | 'upstream'
  readonly peer: WebSocketPeer
  connected: boolean
  /** Reading is paused because the other end is slow. */
  held: boolean
  /** Showed a sign of life since the last ping. */
  heard: boolean
}

export class Relay implements OpenSocket {
  readonly caller: Side
  readonly upstream: Side
  readonly relaying: Relaying
  readonly leadsTo: UpstreamName | undefined
  /** On the monotonic clock. */
  lastMessageAt: number
  readonly #closing = new AbortController()
  readonly #over = new AbortController()
  #messages = 0

  constructor(caller: WebSocketPeer, upstream: WebSocketPeer, relaying: Relaying) {
    this.relaying = relaying
    this.leadsTo = relaying.leadsTo
    this.lastMessageAt = relaying.clock.monotonic()
    this.caller = { name: 'caller', peer: caller, connected: true, held: false, heard: true }
    this.upstream = { name: 'upstream', peer: upstream, connected: true, held: false, heard: true }
    this.#listen(this.caller, this.upstream)
    this.#listen(this.upstream, this.caller)
    closeWhenIdle(this, this.#closing.signal)
    if (caller.ping || upstream.ping) keepAlive(this, this.#closing.signal)
    closeWithWindow(this, this.#closing.signal)
    closeWithCredential(this, this.#closing.signal)
  }

  goAway(): void {
    this.end('gateway', 1001, { code: 1001, reason: 'going away' })
  }

  terminate(): void {
    for (const side of [this.caller, this.upstream]) if (side.connected) side.peer.terminate()
  }

  /** Starts the closing handshake with every connected end. */
  end(by: RelayEnd['by'], code: number, { code: sent, reason }: Close): void {
    if (this.#closing.signal.aborted) return
    this.#closing.abort()
    this.relaying.ended({ by, code, messages: this.#messages })
    for (const side of [this.caller, this.upstream]) {
      if (side.connected) side.peer.close(sent, reason)
      this.#release(side)
    }
    const { clock, rules } = this.relaying
    clock.sleep(rules.closeWithinMs, this.#over.signal).then(
      () => this.terminate(),
      () => {},
    )
  }

  #listen(side: Side, other: Side): void {
    side.peer.listen({
      message: (data) => this.#carry(side, other, data),
      closed: (code, reason) => this.#closed(side, other, code, reason),
      alive: () => {
        side.heard = true
        if (side.peer.bufferedAmount * 4 <= this.relaying.rules.highWaterBytes) this.#release(other)
      },
    })
  }

  #carry(from: Side, to: Side, data: string | Uint8Array): void {
    if (this.#closing.signal.aborted) return
    const { clock, rules } = this.relaying
    if (exceeds(data, rules.maxMessageBytes)) {
      this.end('gateway', 1009, { code: 1009, reason: 'message too big' })
      return
    }
    from.heard = true
    this.lastMessageAt = clock.monotonic()
    this.#messages++
    to.peer.send(data)
    if (!from.held && from.peer.pause && to.peer.bufferedAmount > rules.highWaterBytes) {
      from.held = true
      from.peer.pause()
    }
  }

  #closed(side: Side, other: Side, code: number, reason: string): void {
    side.connected = false
    this.end(side.name, code, forwardedClose(code, reason))
    if (other.connected) return
    this.#over.abort()
    this.relaying.finished()
  }

  #release(side: Side): void {
    if (!side.held) return
    side.held = false
    // A paused end could not answer pings.
    side.heard = true
    side.peer.resume?.()
  }
}
