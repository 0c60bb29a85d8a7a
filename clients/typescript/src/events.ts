/** The stream of events as one loop over as many connections as it takes: none is lost, none comes twice. */
import { Backoff, pause } from './backoff.ts'
import { queryOf } from './call.ts'
import type { ListEventsAnswer } from './operations.ts'
import { EventGap, passes, Unreachable } from './problem.ts'
import { opened, type Send } from './send.ts'
import { type Block, blocksOf } from './sse.ts'

export type GatewayEvent = Extract<ListEventsAnswer, { limit: number }>['events'][number]

export interface EventFilter {
  /** Each one or several. */
  type?: string | readonly string[] | undefined
  severity?: string | readonly string[] | undefined
  module?: string | undefined
  correlationId?: string | undefined
}

export interface FollowOptions extends EventFilter {
  /** The `stream_id` to go on after; without it the stream begins with the next event. */
  since?: number | undefined
  /** Ends the loop, without an error. */
  signal?: AbortSignal | undefined
  /** How many failures in a row are borne: any number unless said. */
  retries?: number | undefined
  /** Gets a ticket for each connection, where there is no token. */
  ticket?: (() => string | Promise<string>) | undefined
  /** Without it a gap ends the loop as an error. */
  onGap?: ((gap: EventGap) => void) | undefined
}

/** The gateway sends something every 15 s: after this long without a byte the line is dead. */
const silenceMs = 40_000

export const filterQuery = ({ correlationId, type, severity, module }: EventFilter) => ({
  ...{ type, severity, module },
  correlation_id: correlationId,
})

const path = '/operator/api/events/stream'

/** Where a stream would go on that is asked to go on after `since`: its end, where that is before. */
export async function placeAfter(send: Send, since: number | null, init: PlaceInit): Promise<number> {
  const response = await opened(send, path, { headers: headersAfter(since), signal: init.signal }, init.timeoutMs)
  for await (const { id } of blocksOf(response, init.timeoutMs, init.signal)) return Number(id)
  throw new Unreachable('the stream ended before it began')
}

interface PlaceInit {
  signal: AbortSignal | undefined
  timeoutMs: number
}

const headersAfter = (since: number | null) => ({
  accept: 'text/event-stream',
  ...(since !== null && { 'last-event-id': String(since) }),
})

/** For one loop at a time. */
export class EventStream implements AsyncIterable<GatewayEvent> {
  readonly #send: Send
  readonly #options: FollowOptions
  readonly #timeoutMs: number
  #position: number | null

  constructor(send: Send, options: FollowOptions, timeoutMs: number) {
    this.#send = send
    this.#options = options
    this.#timeoutMs = timeoutMs
    this.#position = options.since ?? null
  }

  /** The place of the last event that was handed out, or passed by; null before the first connection. */
  get position(): number | null {
    return this.#position
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<GatewayEvent, void> {
    const { signal, retries } = this.#options
    const backoff = new Backoff(retries)
    while (!signal?.aborted) {
      let leastMs = 0
      try {
        leastMs = yield* this.#connection(backoff)
      } catch (error) {
        if (signal?.aborted) return
        if (!passes(error)) throw error
        backoff.failed(error)
        if ('retryAfterMs' in error) leastMs = error.retryAfterMs ?? 0
      }
      await pause(Math.max(leastMs, backoff.pauseMs()), signal)
    }
  }

  /** The events of one; returns how long the gateway asks to wait before the next. */
  async *#connection(backoff: Backoff): AsyncGenerator<GatewayEvent, number> {
    let leastMs = 0
    let begun = false
    for await (const block of blocksOf(await this.#open(), silenceMs, this.#options.signal)) {
      if (block.type === 'error') throw new Unreachable(`the stream ended: ${block.data}`)
      if (block.type === 'shutdown') leastMs = block.retryMs ?? 0
      if (begun) backoff.worked()
      yield* this.#eventsOf(block)
      if (/^\d+$/.test(block.id)) this.#moveTo(Number(block.id), begun)
      begun = true
    }
    return leastMs
  }

  async #open(): Promise<Response> {
    const { ticket, signal, ...filter } = this.#options
    const query = queryOf({ ...filterQuery(filter), token: await ticket?.() })
    const init = { headers: headersAfter(this.#position), signal, bare: ticket !== undefined }
    return opened(this.#send, path + query, init, this.#timeoutMs)
  }

  *#eventsOf({ type, data }: Block): Generator<GatewayEvent> {
    if (type !== 'message' || data === null) return
    const { events } = JSON.parse(data) as { events: GatewayEvent[] }
    for (const event of events) {
      if (this.#position !== null && event.stream_id <= this.#position) continue
      this.#position = event.stream_id
      yield event
    }
  }

  /** The first block of a connection names its start: before the requested id only where that is gone. */
  #moveTo(place: number, begun: boolean): void {
    const since = this.#position
    this.#position = begun ? Math.max(since ?? 0, place) : place
    if (begun || since === null || place >= since) return
    const gap = new EventGap(since, place)
    if (!this.#options.onGap) throw gap
    this.#options.onGap(gap)
  }
}
