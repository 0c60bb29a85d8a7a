/** Events that came and were not read yet: each once, and never more than a reader can catch up with. */

export interface SocketEvent {
  channel: 'event'
  type: string
  event_id: string
  /** Its place in the stream. */
  stream_id: number
  source: string
  severity: 'info' | 'warn' | 'critical'
  module: string | null
  correlation_id: string | null
  timestamp: number
  /** The event's own fields. */
  [field: string]: unknown
}

/** What came beyond is asked for again, when these are read. */
const mostUnread = 1024

export class Inbox {
  readonly #events: SocketEvent[] = []
  /** Stored for this client itself: the gateway sends them to others only, but after a reconnection to all. */
  readonly #own = new Set<number>()
  /** The place up to which everything came. */
  #place: number | null
  #overflowed = false
  #wake: (() => void) | undefined

  constructor(since: number | null) {
    this.#place = since
  }

  get place(): number | null {
    return this.#place
  }

  /** Begins a connection that goes on after the place. */
  begin(place: number): void {
    this.#place = place
    this.#overflowed = false
  }

  add(event: SocketEvent): void {
    if (this.#events.length >= mostUnread) this.#overflowed = true
    const isKnown = this.#own.has(event.stream_id) || event.stream_id <= (this.#place ?? -1)
    if (this.#overflowed) return
    this.moveTo(event.stream_id)
    if (isKnown) return
    this.#events.push(event)
    this.wake()
  }

  moveTo(place: number): void {
    if (this.#overflowed || place <= (this.#place ?? -1)) return
    this.#place = place
    for (const id of this.#own) if (id <= place) this.#own.delete(id)
  }

  addOwn(id: number): void {
    this.#own.add(id)
  }

  take(): SocketEvent | undefined {
    return this.#events.shift()
  }

  /** Whether the connection must begin anew, because events were left out and there is room again. */
  get mustAskAgain(): boolean {
    return this.#overflowed && this.#events.length === 0
  }

  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  wake(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}
