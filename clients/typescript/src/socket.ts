/** /ws as one socket over as many connections as it takes: events come each once, and can be sent. */
import { Backoff, pause } from './backoff.ts'
import { queryOf } from './call.ts'
import type { OutgoingEvent } from './canonical.ts'
import { type EventFilter, filterQuery, placeAfter } from './events.ts'
import { Inbox, type SocketEvent } from './inbox.ts'
import { untilEnd } from './line.ts'
import type { CreateSocketTicketAnswer } from './operations.ts'
import { type ErrorFrame, Outbox, type Stored } from './outbox.ts'
import { EventGap, passes, Unreachable } from './problem.ts'
import { eitherOf, type Send, whole } from './send.ts'

export interface SocketOptions extends EventFilter {
  /** The gateway adds to a name that is taken. */
  clientId?: string | undefined
  /** The `stream_id` to go on after; without it the socket begins with the next event. */
  since?: number | undefined
  /** Ends the socket, without an error. */
  signal?: AbortSignal | undefined
  /** How many failures in a row are borne: any number unless said. */
  retries?: number | undefined
  /** Without it a gap ends the socket as an error. */
  onGap?: ((gap: EventGap) => void) | undefined
  /** For runtimes without one, and for tests. */
  WebSocket?: typeof WebSocket | undefined
}

interface SocketParts {
  send: Send
  url: string
  timeoutMs: number
}

type Frame =
  | ({ channel: 'control'; type: 'stored' } & Stored)
  | ({ channel: 'control'; type: 'error' } & ErrorFrame)
  | { channel: 'control'; type: 'position'; stream_id: number }
  | SocketEvent

/** For one loop at a time, which does not close it when it ends. */
export class EventSocket implements AsyncIterable<SocketEvent> {
  readonly #parts: SocketParts
  readonly #options: SocketOptions
  readonly #inbox: Inbox
  readonly #outbox = new Outbox()
  readonly #closing = new AbortController()
  readonly #signal: AbortSignal
  #line = new AbortController()
  #position: number | null
  /** Set at the end; the error, if there was one. */
  #end: { error?: unknown } | undefined

  constructor(parts: SocketParts, options: SocketOptions) {
    this.#parts = parts
    this.#options = options
    this.#position = options.since ?? null
    this.#inbox = new Inbox(this.#position)
    this.#signal = eitherOf(options.signal, this.#closing.signal)
    this.#run().then(
      () => this.#ended({}),
      (error: unknown) => this.#ended({ error }),
    )
  }

  /** The place of the last event that was handed out; null before the first. */
  get position(): number | null {
    return this.#position
  }

  /**
   * Resolves when the event is in the gateway's database. Rejects with GatewayProblem where it was refused, and with
   * Unreachable where the connection broke off before the answer: nothing is sent twice.
   */
  send(event: OutgoingEvent): Promise<Stored> {
    return this.#outbox.send(event)
  }

  close(): void {
    this.#closing.abort()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SocketEvent, void> {
    for (;;) {
      const event = this.#inbox.take()
      if (event) {
        this.#position = event.stream_id
        yield event
        continue
      }
      if (this.#end?.error !== undefined) throw this.#end.error
      if (this.#end) return
      if (this.#inbox.mustAskAgain) this.#line.abort()
      await this.#inbox.changed()
    }
  }

  async #run(): Promise<void> {
    const backoff = new Backoff(this.#options.retries)
    while (!this.#signal.aborted) {
      let leastMs = 0
      try {
        await this.#connection(backoff)
      } catch (error) {
        if (this.#signal.aborted) return
        if (!passes(error)) throw error
        backoff.failed(error)
        if ('retryAfterMs' in error) leastMs = error.retryAfterMs ?? 0
      }
      await pause(Math.max(leastMs, backoff.pauseMs()), this.#signal)
    }
  }

  /** Until it ends, which is a failure unless it was opened. */
  async #connection(backoff: Backoff): Promise<void> {
    const place = await this.#beginning()
    const socket = await this.#open(place)
    this.#line = new AbortController()
    let hasOpened = false
    const opened = () => {
      hasOpened = true
      backoff.worked()
      this.#outbox.open((text) => socket.send(text))
    }
    const reason = await untilEnd(
      socket,
      { opened, text: (text) => this.#take(text) },
      eitherOf(this.#signal, this.#line.signal),
    )
    this.#outbox.broken(reason)
    if (!hasOpened) throw new Unreachable(reason)
  }

  /** Known before the first event comes, so that nothing is lost should the connection end before. */
  async #beginning(): Promise<number> {
    const { send, timeoutMs } = this.#parts
    const since = this.#inbox.place
    const place = await placeAfter(send, since, { signal: this.#signal, timeoutMs })
    this.#inbox.begin(place)
    if (since === null || place >= since) return place
    const gap = new EventGap(since, place)
    if (!this.#options.onGap) throw gap
    this.#options.onGap(gap)
    return place
  }

  async #open(place: number): Promise<WebSocket> {
    const { send, url, timeoutMs } = this.#parts
    const signal = eitherOf(this.#signal, AbortSignal.timeout(timeoutMs))
    const answer = await send('/operator/api/events/ws-token', { method: 'POST', signal })
    const { ws_token } = (await whole(answer.json(), signal)) as CreateSocketTicketAnswer
    const { clientId, WebSocket: Socket = globalThis.WebSocket } = this.#options
    const query = queryOf({ ...filterQuery(this.#options), client_id: clientId, since: place })
    // As a sub-protocol the ticket stands in no URL, and so in no log.
    return new Socket(`${url.replace(/^http/, 'ws')}/ws${query}`, ['vx11.events', `vx11.ticket.${ws_token}`])
  }

  #take(text: string): void {
    if (this.#outbox.isEcho(text)) return
    const frame = JSON.parse(text) as Frame
    if (frame.channel === 'event') this.#inbox.add(frame)
    else if (frame.type === 'position') this.#inbox.moveTo(frame.stream_id)
    else if (frame.type === 'error') this.#outbox.refused(frame)
    else if (frame.type === 'stored') {
      this.#inbox.addOwn(frame.stream_id)
      this.#outbox.stored({ event_id: frame.event_id, stream_id: frame.stream_id })
    }
  }

  #ended(end: { error?: unknown }): void {
    this.#end = end
    this.#outbox.end(end.error ?? new Unreachable('the socket was closed'))
    this.#inbox.wake()
  }
}
