/** Delivers the stream to one socket: every event of other senders once, as fast as the network takes it. */
import { RoomSignal } from '../../lib/room-signal.ts'
import type { Clock, CommitNotice, EventLog, StoredEvent } from '../../ports/index.ts'
import { EventCursor } from '../events/stream/cursor.ts'
import { eventFrame, positionFrame } from './frames.ts'
import type { SocketRules } from './rules.ts'
import type { SessionState } from './session-state.ts'

export interface SocketReaderParts {
  state: SessionState
  clock: Clock
  rules: SocketRules
  events: Pick<EventLog, 'readInTurn'>
  send(text: string): void
  isCongested(): boolean
  isClosing(): boolean
  /** The state changed. */
  keep(): void
  tooSlow(): void
  failed(error: unknown): void
}

/** Between two position frames of a catch-up that delivers nothing. */
const positionEveryMs = 15_000

export class SocketReader {
  readonly #parts: SocketReaderParts
  readonly #cursor: EventCursor
  readonly #room: RoomSignal
  /** The socket's own events that are being stored; none of them rejects. */
  readonly #storing = new Set<Promise<void>>()
  /** Ids after the position that the socket stored itself. */
  readonly #own = new Set<number>()
  /** The last id that a frame named, and when. */
  #named: number
  #namedAt: number

  constructor(parts: SocketReaderParts) {
    const { clock, state, rules, events, isCongested, isClosing, tooSlow, failed } = parts
    this.#parts = parts
    this.#named = state.position
    this.#namedAt = clock.monotonic()
    this.#room = new RoomSignal(clock, () => isClosing() || !isCongested())
    this.#cursor = new EventCursor({
      ...{ clock, read: events.readInTurn, position: state.position, filter: state.filter },
      maxPageBytes: rules.highWaterBytes,
      reader: {
        deliver: (some) => this.#deliver(some),
        isReady: () => this.#storing.size === 0 && !isCongested(),
        whenReady: () => this.#room.wait(rules.stalledMs),
        // Its own events may be in the page; they are recognised once their storing has ended.
        beforePage: () => Promise.all(this.#storing),
        moved: (position) => this.#moved(position),
        caughtUp: () => this.#namePosition(0),
        tooSlow,
        failed,
      },
    })
  }

  notify(notice: Pick<CommitNotice, 'newest' | 'events'>): void {
    this.#cursor.notify(notice)
  }

  /** The network took bytes, or the socket closes. */
  roomChanged(): void {
    this.#room.changed()
  }

  close(): void {
    this.#cursor.close()
    this.#room.changed()
  }

  /** `store` gives the id of the stored event, which this socket then does not get. Must not reject. */
  whileStoring(store: () => Promise<number | undefined>): void {
    // It counts as under way before it begins, because the notice can come first.
    const storing = Promise.resolve()
      .then(store)
      .then((id) => {
        if (id !== undefined && id > this.#cursor.position) this.#own.add(id)
      })
    this.#storing.add(storing)
    void storing.finally(() => this.#storing.delete(storing))
  }

  /** Stops at the high-water mark and returns how many events it took. */
  #deliver(events: readonly StoredEvent[]): number {
    const { send, state, clock, isCongested, isClosing } = this.#parts
    for (const [index, event] of events.entries()) {
      if (isCongested() || isClosing()) return index
      if (this.#own.has(event.id)) continue
      send(eventFrame(event))
      state.activeAt = clock.now()
      this.#named = event.id
      this.#namedAt = clock.monotonic()
    }
    return events.length
  }

  #moved(position: number): void {
    const { state, keep } = this.#parts
    state.position = position
    for (const id of this.#own) if (id <= position) this.#own.delete(id)
    this.#namePosition(positionEveryMs)
    keep()
  }

  #namePosition(afterMs: number): void {
    const { state, clock, send, isClosing } = this.#parts
    const isDue = clock.monotonic() - this.#namedAt >= afterMs
    if (!state.resumes || !isDue || isClosing() || state.position <= this.#named) return
    send(positionFrame(state.position))
    this.#named = state.position
    this.#namedAt = clock.monotonic()
  }
}
