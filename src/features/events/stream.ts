/**
 * One reader's stream: what it missed comes from the database, then events come live, without gap or repetition. What
 * it does not read is kept for it up to a bound; then its connection is broken, and it comes back with its last id.
 */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { SseBlock } from '../../lib/sse.ts'
import { wantedBy } from '../../modules/events/stream/filter.ts'
import type { Deps, EventFilter, EventSubscription, OpenStream, StoredEvent } from '../../ports/index.ts'
import { encodeBlock, framesOf } from './frames.ts'

export type StreamDeps = Pick<Deps, 'clock' | 'events' | 'log' | 'random'>

export interface StreamOptions {
  filter: EventFilter
  /** The last event that the reader has; undefined to begin with what comes next. */
  after: number | undefined
  /** Epoch milliseconds when the reader's token ends. */
  endsAt: number | null
  correlationId: string
  opened(stream: OpenStream): void
  closed(stream: OpenStream): void
}

/** Unread bytes that break a reader's connection; most of them are shared with the other readers. */
const maxUnreadBytes = 1_048_576
const pageSize = 100
const heartbeatMs = 15_000
const retryMs = 3000

/** Rejects while nothing was sent yet; later failures are told in the stream. */
export async function openStream(deps: StreamDeps, options: StreamOptions): Promise<ReadableStream<Uint8Array>> {
  const newest = await deps.events.newest()
  // An id that was never given out, as from before a restored backup, is as good as the newest.
  return readerStream(deps, options, Math.min(options.after ?? newest, newest))
}

function readerStream(deps: StreamDeps, options: StreamOptions, start: number): ReadableStream<Uint8Array> {
  const { clock, events, log, random } = deps
  const wanted = wantedBy(options.filter)
  const left = new AbortController()
  let controller: ReadableStreamDefaultController<Uint8Array>
  /** Everything up to here was sent, or was not wanted. */
  let position = start
  let subscription: EventSubscription | undefined
  const stream: OpenStream = { goAway }

  function leave(): boolean {
    if (left.signal.aborted) return false
    left.abort()
    subscription?.close()
    options.closed(stream)
    return true
  }

  function sendLive(bytes: Uint8Array): void {
    if ((controller.desiredSize ?? 0) > -maxUnreadBytes) {
      controller.enqueue(bytes)
      return
    }
    if (!leave()) return
    log.warn('slow_reader_dropped', { correlation_id: options.correlationId, reason: `its last id is ${position}` })
    controller.error(new GatewayError('client_closed_request'))
  }

  function tell(some: readonly StoredEvent[]): void {
    const last = some.at(-1)
    if (!last || left.signal.aborted) return
    const kept = wanted ? some.filter(wanted) : some
    if (kept.length > 0) sendLive(framesOf(kept.length === some.length ? some : kept))
    position = last.id
  }

  function end(block: SseBlock): void {
    if (!leave()) return
    controller.enqueue(encodeBlock(block))
    controller.close()
  }

  /** With an id, so that a reader goes on there, though it may have got no event for long; and not all at once. */
  function goAway(reason = 'draining'): void {
    const data = JSON.stringify({ last_event_id: String(position), reason })
    end({ id: position, retryMs: Math.round(500 + random.fraction() * retryMs), event: 'shutdown', data })
  }

  function fail(error: unknown): void {
    const code = error instanceof GatewayError ? error.code : 'database_unavailable'
    log.warn('event_stream_failed', { correlation_id: options.correlationId, error: code })
    const problem = { error: code, last_event_id: String(position), correlation_id: options.correlationId }
    end({ id: position, event: 'error', data: JSON.stringify(problem) })
  }

  async function beat(): Promise<void> {
    for (;;) {
      await clock.sleep(heartbeatMs, left.signal)
      if (options.endsAt !== null && clock.now() > options.endsAt) return goAway('token_expired')
      sendLive(encodeBlock({ comment: 'heartbeat', id: position }))
    }
  }

  /** One page of what was missed; true when there is none left up to `end`. */
  async function replay(end: number): Promise<boolean> {
    const query = { ...options.filter, after: position, before: end + 1, limit: pageSize }
    const { events: some, next } = await events.read({ ...query, order: 'oldest_first' })
    if (left.signal.aborted) return true
    if (some.length > 0) controller.enqueue(framesOf(some))
    position = next ?? Math.max(position, end)
    return next === null
  }

  /** What comes while the last of the missed events are read waits for them. */
  async function goLive(): Promise<void> {
    const early: (readonly StoredEvent[])[] = []
    let isLive = false
    const opened = await events.subscribe((some) => {
      if (isLive) tell(some)
      else early.push(some)
    })
    subscription = opened
    if (left.signal.aborted) return opened.close()
    while (position < opened.after && !(await replay(opened.after)));
    isLive = true
    for (const some of early) tell(some)
  }

  let caughtUp = false
  return new ReadableStream<Uint8Array>(
    {
      start(made) {
        controller = made
        options.opened(stream)
        controller.enqueue(encodeBlock({ comment: 'connected', retryMs, id: position }))
        beat().catch(() => {})
      },
      /** Called while there is room, so a reader sets the pace at which it catches up. */
      async pull() {
        if (caughtUp) return
        try {
          while (!caughtUp && !left.signal.aborted && (controller.desiredSize ?? 0) > 0) {
            caughtUp = await replay(await events.newest())
          }
          if (caughtUp) await goLive()
        } catch (error) {
          fail(error)
        }
      },
      cancel() {
        leave()
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 65_536 }),
  )
}
