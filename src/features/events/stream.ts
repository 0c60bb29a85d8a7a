/** One reader's server-sent events: a cursor that writes to a response body, heartbeats, and a last word. */
import { GatewayError } from '../../errors/gateway-error.ts'
import { RoomSignal } from '../../lib/room-signal.ts'
import type { SseBlock } from '../../lib/sse.ts'
import { EventCursor } from '../../modules/events/stream/cursor.ts'
import type { Deps, EventFilter, EventSubscription, OpenStream, StoredEvent } from '../../ports/index.ts'
import { chunksOf, encodeBlock } from './frames.ts'

export type StreamDeps = Pick<Deps, 'clock' | 'events' | 'log' | 'random'>

export interface StreamOptions {
  filter: EventFilter
  /** The last event that the reader has; undefined to begin with new events. */
  after: number | undefined
  correlationId: string
  opened(stream: OpenStream): void
  closed(stream: OpenStream): void
}

/** Unread bytes at which a reader is dropped. Live events are shared with other readers, missed ones are not. */
const maxUnreadBytes = 1_048_576
/** Unread bytes above which no missed events are read. */
const highWaterBytes = 65_536
const maxPageBytes = 131_072
/** A reader that reads nothing for this long during a catch-up is dropped. */
const stalledMs = 30_000
const heartbeatMs = 15_000
const retryMs = 3000

/** Rejects while nothing was sent yet; later failures are events of the stream. */
export async function openStream(deps: StreamDeps, options: StreamOptions): Promise<ReadableStream<Uint8Array>> {
  const newest = await deps.events.newest()
  // An id beyond the newest, as from before a restored backup, counts as the newest.
  const stream = new ReaderStream(deps, options, Math.min(options.after ?? newest, newest))
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => stream.start(controller),
      pull: () => stream.pull(),
      cancel: () => stream.cancel(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: highWaterBytes }),
  )
}

class ReaderStream implements OpenStream {
  readonly #deps: StreamDeps
  readonly #options: StreamOptions
  readonly #cursor: EventCursor
  readonly #left = new AbortController()
  readonly #room: RoomSignal
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #subscription: EventSubscription | undefined
  /** The last id in the reader's queue. */
  #lastId: number

  constructor(deps: StreamDeps, options: StreamOptions, position: number) {
    this.#deps = deps
    this.#options = options
    this.#lastId = position
    this.#room = new RoomSignal(deps.clock, () => this.#hasLeft || (this.#controller?.desiredSize ?? 0) > 0)
    this.#cursor = new EventCursor({
      ...{ clock: deps.clock, read: deps.events.readInTurn, position, maxPageBytes, filter: options.filter },
      reader: {
        deliver: (events) => this.#deliver(events),
        moved: (to) => {
          if (!this.#hasLeft) this.#lastId = to
        },
        whenReady: () => this.#room.wait(stalledMs),
        tooSlow: () => this.#drop(),
        failed: (error) => this.#fail(error),
      },
    })
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller
    this.#options.opened(this)
    controller.enqueue(encodeBlock({ comment: 'connected', retryMs, id: this.#lastId }))
    this.#beat().catch(() => {})
    this.#follow().catch((error: unknown) => this.#fail(error))
  }

  /** Called while there is room, so the reader sets the pace of its catch-up. */
  pull(): void {
    this.#room.changed()
  }

  cancel(): void {
    this.#leave()
  }

  /** Ends with an id, so that a reader that got no event for long resumes there; `retry` spreads the returns. */
  goAway(reason = 'draining'): void {
    const retry = Math.round(500 + this.#deps.random.fraction() * retryMs)
    const data = JSON.stringify({ last_event_id: String(this.#lastId), reason })
    this.#end({ id: this.#lastId, retryMs: retry, event: 'shutdown', data })
  }

  get #hasLeft(): boolean {
    return this.#left.signal.aborted
  }

  async #follow(): Promise<void> {
    const subscription = await this.#deps.events.subscribe((events) =>
      this.#cursor.notify({ newest: events.at(-1)?.id ?? 0, events }),
    )
    if (this.#hasLeft) return subscription.close()
    this.#subscription = subscription
    this.#cursor.notify({ newest: subscription.after, events: [] })
  }

  async #beat(): Promise<void> {
    for (;;) {
      await this.#deps.clock.sleep(heartbeatMs, this.#left.signal)
      this.#enqueue(encodeBlock({ comment: 'heartbeat', id: this.#lastId }))
    }
  }

  #deliver(events: readonly StoredEvent[]): undefined {
    for (const { bytes, lastId } of chunksOf(events)) {
      if (!this.#enqueue(bytes)) return
      this.#lastId = lastId
    }
  }

  /** False when the reader has left, or is dropped because it has too much unread. */
  #enqueue(bytes: Uint8Array): boolean {
    if (this.#hasLeft) return false
    const unread = highWaterBytes - (this.#controller?.desiredSize ?? 0)
    if (unread > 0 && unread + bytes.byteLength > maxUnreadBytes) {
      this.#drop()
      return false
    }
    this.#controller?.enqueue(bytes)
    return true
  }

  #drop(): void {
    const { correlationId } = this.#options
    if (!this.#leave()) return
    this.#deps.log.warn('slow_reader_dropped', { correlation_id: correlationId, reason: `last id ${this.#lastId}` })
    this.#controller?.error(new GatewayError('client_closed_request'))
  }

  #fail(error: unknown): void {
    const code = error instanceof GatewayError ? error.code : 'database_unavailable'
    const { correlationId } = this.#options
    this.#deps.log.warn('event_stream_failed', { correlation_id: correlationId, error: code })
    const problem = { error: code, last_event_id: String(this.#lastId), correlation_id: correlationId }
    this.#end({ id: this.#lastId, event: 'error', data: JSON.stringify(problem) })
  }

  #end(block: SseBlock): void {
    if (!this.#leave()) return
    this.#controller?.enqueue(encodeBlock(block))
    this.#controller?.close()
  }

  #leave(): boolean {
    if (this.#hasLeft) return false
    this.#left.abort()
    this.#cursor.close()
    this.#room.changed()
    this.#subscription?.close()
    this.#options.closed(this)
    return true
  }
}
