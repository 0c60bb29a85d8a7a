/** One socket of /ws: echoes what it says, stores its canonical events, and tells it those of all others, each once. */

import type {
  Clock,
  CommitNotice,
  EventLog,
  Log,
  NewEvent,
  OpenSocket,
  SocketTerms,
  StoredEvent,
  WebSocketPeer,
} from '../../ports/index.ts'
import { continues } from '../events/stream/commit-notice.ts'
import { wantedBy } from '../events/stream/filter.ts'
import { spend } from './allowance.ts'
import { type ClassifiedMessage, classifyMessage } from './classify-message.ts'
import { connectedFrame, errorFrame, eventFrame, type FrameError, frameError, storedFrame } from './frames.ts'
import { readMessage } from './message.ts'
import type { SocketRules } from './rules.ts'

/** Everything about a socket that outlives a moment; plain data, so that it can be put away while nothing happens. */
export interface SessionState extends Omit<SocketTerms, 'since'> {
  /** Events up to this id were told, or are not for this socket. */
  position: number
  /** When something was said last, in epoch milliseconds. */
  activeAt: number
  /** The bucket of its messages (lib/gcra.ts). */
  tat: number
  openedAt: number
}

export interface SocketSessionDeps {
  events: Pick<EventLog, 'append' | 'read'>
  clock: Clock
  log: Log
  rules: SocketRules
  /** Puts the state away; absent where it stays in memory. */
  keep?: (state: SessionState) => void
  /** Called once, when the closing begins: from then on nothing is said. */
  ended?: (code: number) => void
}

export class SocketSession implements OpenSocket {
  readonly state: SessionState
  readonly #peer: Omit<WebSocketPeer, 'listen'>
  readonly #deps: SocketSessionDeps
  /** The newest event that was heard of. */
  #newest: number
  readonly #wants: (event: StoredEvent) => boolean
  #catchingUp = false
  #closing = false
  #paused = false
  /** The allowance of refusals; one that passes now and then among them does not give it back. */
  #refusalsTat = 0
  /** Events of its own that are being stored; none of them rejects. */
  readonly #storing = new Set<Promise<void>>()
  /** Ids behind the position that it stored itself. */
  readonly #own = new Set<number>()
  /** Wakes what waits for the network or the end. */
  #changed = () => {}

  constructor(peer: Omit<WebSocketPeer, 'listen'>, state: SessionState, deps: SocketSessionDeps) {
    this.#peer = peer
    this.state = state
    this.#deps = deps
    this.#newest = state.position
    this.#wants = wantedBy(state.filter) ?? (() => true)
  }

  get isClosing(): boolean {
    return this.#closing
  }

  greet(): void {
    this.#send(connectedFrame(this.state.clientId))
  }

  /** Tells what is news to it: at once when nothing lies between, else from the database. */
  notify({ newest, events }: CommitNotice): void {
    if (newest <= this.#newest) return
    this.#newest = newest
    if (this.#closing || this.#catchingUp) return
    const fresh = events.filter(({ id }) => id > this.state.position)
    if (this.#storing.size > 0 || this.#isCongested || !continues(this.state.position, fresh, newest))
      void this.#catchUp()
    else this.#tell(fresh, newest)
  }

  message(data: string | Uint8Array): void {
    if (this.#closing) return
    const { clock, rules } = this.#deps
    const message = readMessage(data, rules.maxMessageBytes)
    if (message.kind === 'violation') this.#violation(message.code, message.reason, message.detail)
    else if (!this.#mayPass(data.length)) return
    else if (message.kind === 'fault') this.#sendError({ error: 'validation_error', detail: message.detail })
    else if (message.kind === 'ping') this.#send('pong')
    else this.#accept(String(data), classifyMessage(message.object, this.state, clock.now()))
  }

  #accept(text: string, verdict: ClassifiedMessage): void {
    this.#send(text)
    if (verdict.kind === 'rejected') this.#sendError(verdict.error)
    if (verdict.kind !== 'event') return
    // Known as under way before it begins: the stream may tell of it at once.
    const storing = Promise.resolve().then(() => this.#store(verdict.event))
    this.#storing.add(storing)
    void storing.finally(() => this.#storing.delete(storing))
  }

  /** Something left for the network, or came from it: the other end lives. */
  alive(): void {
    if (this.#paused && !this.#isCongested) {
      this.#paused = false
      this.#peer.resume?.()
    }
    this.#changed()
  }

  /** The connection is over. */
  closed(): void {
    this.#closing = true
    this.#changed()
  }

  goAway(): void {
    this.close(1001, 'going away')
  }

  terminate(): void {
    this.#peer.terminate()
  }

  close(code: number, reason: string): void {
    if (this.#closing) return
    this.#closing = true
    this.#peer.close(code, reason)
    this.#deps.ended?.(code)
    this.#changed()
  }

  get #isCongested(): boolean {
    return this.#peer.bufferedAmount > this.#deps.rules.highWaterBytes
  }

  #mayPass(chars: number): boolean {
    const { clock, rules } = this.#deps
    const { tat, waitMs } = spend(this.state.tat, chars, rules.messagesPerMinute, clock.now())
    this.state.tat = tat
    if (waitMs === 0) return true
    const refusals = spend(this.#refusalsTat, 0, rules.refusedPerMinute, clock.now())
    this.#refusalsTat = refusals.tat
    if (refusals.waitMs > 0) this.#violation(1008, 'too many messages', 'Too many messages, over and over.')
    else this.#sendError({ error: 'too_many_requests', retryAfterMs: waitMs })
    return false
  }

  async #store(event: NewEvent): Promise<void> {
    try {
      const [stored] = await this.#deps.events.append([event])
      if (!stored) return
      if (stored.id > this.state.position) this.#own.add(stored.id)
      this.#send(storedFrame(stored))
    } catch (error) {
      this.#sendError(frameError(error))
    }
  }

  /** From the database, as fast as the network takes it, until nothing lies between position and newest. */
  async #catchUp(): Promise<void> {
    if (this.#catchingUp) return
    this.#catchingUp = true
    try {
      while (!this.#closing && this.state.position < this.#newest) {
        const isTaken = await this.#untilTaken()
        if (isTaken) await this.#readOn()
        else this.close(1013, `slow reader; last id ${this.state.position}`)
      }
    } catch (error) {
      // Whoever comes back with `since` misses nothing.
      this.#sendError(frameError(error))
      this.close(1013, `try again; last id ${this.state.position}`)
    } finally {
      this.#catchingUp = false
    }
  }

  async #readOn(): Promise<void> {
    const { events, rules } = this.#deps
    const newest = this.#newest
    const { filter, position } = this.state
    const page = await events.read({ ...filter, after: position, limit: rules.pageEvents, order: 'oldest_first' })
    // Its own may be among them, and are known as such only when their storing is over.
    await Promise.all(this.#storing)
    if (this.#closing) return
    this.#tell(page.events, page.next ?? Math.max(newest, page.events.at(-1)?.id ?? 0))
  }

  /** Resolves when the network takes more, or the end has come; false when it does not in time. */
  async #untilTaken(): Promise<boolean> {
    const { clock, rules } = this.#deps
    if (!this.#isCongested) return true
    const over = new AbortController()
    let isLate = false
    const late = () => {
      isLate = true
      this.#changed()
    }
    clock.sleep(rules.stalledMs, over.signal).then(late, () => {})
    while (!this.#closing && !isLate && this.#isCongested) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve
      })
    }
    over.abort()
    return !isLate
  }

  #tell(events: readonly StoredEvent[], upTo: number): void {
    const { state } = this
    for (const event of events) {
      if (this.#own.delete(event.id) || !this.#wants(event)) continue
      this.#peer.send(eventFrame(event))
      state.activeAt = this.#deps.clock.now()
    }
    state.position = upTo
    this.#deps.keep?.(state)
  }

  #sendError(error: FrameError): void {
    this.#send(errorFrame(error))
  }

  #violation(code: number, reason: string, detail: string): void {
    this.#sendError({ error: code === 1008 ? 'too_many_requests' : 'validation_error', detail })
    this.close(code, reason)
  }

  /** Stops reading while the other end does not take what is said. */
  #send(text: string): void {
    if (this.#closing) return
    this.state.activeAt = this.#deps.clock.now()
    this.#peer.send(text)
    this.#deps.keep?.(this.state)
    if (this.#isCongested && !this.#paused && this.#peer.pause) {
      this.#paused = true
      this.#peer.pause()
    }
  }
}
