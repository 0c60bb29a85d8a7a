/** One socket of /ws: echoes its messages, stores its canonical events, and delivers the stream to it. */
import type { Clock, CommitNotice, EventLog, Log, NewEvent, OpenSocket, WebSocketPeer } from '../../ports/index.ts'
import { spend } from './allowance.ts'
import { type ClassifiedMessage, classifyMessage } from './classify-message.ts'
import { connectedFrame, errorFrame, type FrameError, frameError, storedFrame } from './frames.ts'
import { readMessage } from './message.ts'
import type { SocketRules } from './rules.ts'
import type { SessionState } from './session-state.ts'
import { SocketReader } from './socket-reader.ts'

export interface SocketSessionDeps {
  events: Pick<EventLog, 'append' | 'readInTurn'>
  clock: Clock
  log: Log
  rules: SocketRules
  /** Stores the state; absent where it stays in memory. */
  keep?: (state: SessionState) => void
  /** Called once, when the closing begins; nothing is sent after it. */
  ended?: (code: number) => void
}

export class SocketSession implements OpenSocket {
  readonly state: SessionState
  readonly #peer: Omit<WebSocketPeer, 'listen'>
  readonly #deps: SocketSessionDeps
  readonly #reader: SocketReader
  #closing = false
  #paused = false
  /** The bucket of refused messages; accepted ones do not refill it. */
  #refusalsTat = 0

  constructor(peer: Omit<WebSocketPeer, 'listen'>, state: SessionState, deps: SocketSessionDeps) {
    this.#peer = peer
    this.state = state
    this.#deps = deps
    this.#reader = new SocketReader({
      ...{ state, clock: deps.clock, rules: deps.rules, events: deps.events },
      send: (text) => this.#peer.send(text),
      isCongested: () => this.#isCongested,
      isClosing: () => this.#closing,
      keep: () => deps.keep?.(state),
      tooSlow: () => this.close(1013, `slow reader; last id ${state.position}`),
      failed: (error) => {
        // A client that reconnects with `since` misses nothing.
        this.#sendError(frameError(error))
        this.close(1013, `try again; last id ${state.position}`)
      },
    })
  }

  get isClosing(): boolean {
    return this.#closing
  }

  endAt(endsAt: number | null): void {
    this.state.endsAt = endsAt
    this.#deps.keep?.(this.state)
  }

  greet(): void {
    this.#send(connectedFrame(this.state.clientId))
  }

  notify(notice: Pick<CommitNotice, 'newest' | 'events'>): void {
    this.#reader.notify(notice)
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

  /** Bytes left for the network or came from it, so the other end lives. */
  alive(): void {
    if (this.#paused && !this.#isCongested) {
      this.#paused = false
      this.#peer.resume?.()
    }
    this.#reader.roomChanged()
  }

  /** The connection has ended. */
  closed(): void {
    this.#closing = true
    this.#reader.close()
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
    this.#reader.close()
  }

  get #isCongested(): boolean {
    return this.#peer.bufferedAmount > this.#deps.rules.highWaterBytes
  }

  #accept(text: string, message: ClassifiedMessage): void {
    this.#send(text)
    if (message.kind === 'rejected') this.#sendError(message.error)
    if (message.kind === 'event') this.#reader.whileStoring(() => this.#store(message.event))
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

  async #store(event: NewEvent): Promise<number | undefined> {
    try {
      const [stored] = await this.#deps.events.append([event])
      if (stored) this.#send(storedFrame(stored))
      return stored?.id
    } catch (error) {
      this.#sendError(frameError(error))
      return undefined
    }
  }

  #sendError(error: FrameError): void {
    this.#send(errorFrame(error))
  }

  #violation(code: number, reason: string, detail: string): void {
    this.#sendError({ error: code === 1008 ? 'too_many_requests' : 'validation_error', detail })
    this.close(code, reason)
  }

  /** Stops reading while the other end does not take what is sent. */
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
