/** Requests that wait for a commit: bounded in events, in bytes and in time, however the store behaves. */
import { GatewayError } from '../../../errors/gateway-error.ts'
import type { AppendOnce, Clock, NewEvent, StateChange } from '../../../ports/index.ts'
import type { Appended } from './writer.ts'

export interface WaitingEvents {
  events: readonly NewEvent[]
  once: AppendOnce | undefined
  /** Committed alone: what it replaces may have changed, which must not refuse the others. */
  change?: StateChange | undefined
  resolve(appended: Appended): void
  reject(error: GatewayError): void
}

export const maxQueuedEvents = 20_000
const maxBytes = 32 * 2 ** 20
const maxWaitMs = 10_000
const maxCommit = { events: 1000, bytes: 8 * 2 ** 20 }
const checkEveryMs = 500
const retryAfterMs = 1000

interface Entry extends WaitingEvents {
  bytes: number
  since: number
}

export class CommitQueue {
  readonly #clock: Pick<Clock, 'monotonic' | 'sleep'>
  readonly #queue: Entry[] = []
  /** Taken and not done. */
  #taken: Entry[] = []
  #events = 0
  #bytes = 0
  #checking = false

  constructor(clock: Pick<Clock, 'monotonic' | 'sleep'>) {
    this.#clock = clock
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0
  }

  /** Events that were accepted and are not stored yet. */
  get events(): number {
    return this.#events
  }

  /** Rejects it at once when there is no room. */
  add(member: WaitingEvents): void {
    const entry = { ...member, bytes: bytesOf(member.events), since: this.#clock.monotonic() }
    const isFull = this.#events + entry.events.length > maxQueuedEvents || this.#bytes + entry.bytes > maxBytes
    if (isFull) {
      member.reject(unavailable())
      return
    }
    this.#queue.push(entry)
    this.#count(entry, 1)
    if (!this.#checking) void this.#check()
  }

  /** The first of any size, then more up to the limits of a commit. */
  take(): WaitingEvents[] {
    let [events, bytes] = [0, 0]
    const end = this.#queue.findIndex((entry, index) => {
      events += entry.events.length
      bytes += entry.bytes
      return index > 0 && (events > maxCommit.events || bytes > maxCommit.bytes)
    })
    this.#taken = this.#queue.splice(0, end < 0 ? this.#queue.length : end)
    return this.#taken
  }

  /** What was taken is answered. */
  done(): void {
    for (const entry of this.#taken) this.#count(entry, -1)
    this.#taken = []
  }

  /** Refuses entries that waited too long. The store may still commit those that were sent to it. */
  async #check(): Promise<void> {
    this.#checking = true
    while (this.#events > 0) {
      await this.#clock.sleep(checkEveryMs)
      const late = this.#clock.monotonic() - maxWaitMs
      for (const { since, reject } of this.#taken) if (since < late) reject(unavailable())
      while (this.#queue[0] && this.#queue[0].since < late) this.#drop(this.#queue.shift())
    }
    this.#checking = false
  }

  #drop(entry: Entry | undefined): void {
    if (!entry) return
    this.#count(entry, -1)
    entry.reject(unavailable())
  }

  #count({ events, bytes }: Entry, sign: 1 | -1): void {
    this.#events += sign * events.length
    this.#bytes += sign * bytes
  }
}

const unavailable = () => new GatewayError('events_unavailable', { retryAfterMs })

/** Beside its payload an event takes about this much. */
const overheadBytes = 512

const bytesOf = (events: readonly NewEvent[]): number =>
  events.reduce((sum, { payload }) => sum + overheadBytes + JSON.stringify(payload).length, 0)
