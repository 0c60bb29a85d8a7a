/** A queue of jobs, bounded in number and bytes, with deadlines. */
import type { Job, RawFailure, RawResult } from './messages.ts'
import { SqliteFailure } from './sqlite-failure.ts'

export interface QueuedJob {
  job: Job
  bytes: number
  resolve(results: RawResult[]): void
  reject(error: Error): void
}

export interface QueueBounds {
  jobs: number
  bytes: number
}

/** Holds queued jobs in FIFO order and jobs in flight; both count against the bounds. */
export class JobQueue {
  readonly #bounds: QueueBounds
  readonly #waiting: QueuedJob[] = []
  readonly #sent = new Map<number, QueuedJob>()
  #bytes = 0

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds
  }

  get waiting(): number {
    return this.#waiting.length
  }

  get isEmpty(): boolean {
    return this.#waiting.length + this.#sent.size === 0
  }

  /** Rejects the entry if the queue is full. */
  add(entry: QueuedJob): void {
    const { jobs, bytes } = this.#bounds
    const isFull = this.#waiting.length + this.#sent.size >= jobs || this.#bytes + entry.bytes > bytes
    if (isFull && !this.isEmpty) {
      entry.reject(overloaded())
      return
    }
    this.#bytes += entry.bytes
    this.#waiting.push(entry)
  }

  next(): Job | undefined {
    const entry = this.#waiting.shift()
    if (entry) this.#sent.set(entry.job.id, entry)
    return entry?.job
  }

  /** False for an unknown or expired job. */
  settle(id: number, outcome: { results: RawResult[] } | { failure: RawFailure }): boolean {
    const entry = this.#sent.get(id)
    if (!entry) return false
    this.#sent.delete(id)
    this.#bytes -= entry.bytes
    if ('results' in outcome) entry.resolve(outcome.results)
    else entry.reject(new SqliteFailure(outcome.failure))
    return true
  }

  /** Rejects jobs past their deadline; jobs in flight get `graceMs` more. */
  expire(now: number, graceMs: number): void {
    for (const [id, { job }] of this.#sent) if (now > job.deadlineAt + graceMs) this.settle(id, { failure: tooLate })
    for (let index = this.#waiting.length - 1; index >= 0; index--) {
      const entry = this.#waiting[index]
      if (!entry || now <= entry.job.deadlineAt) continue
      this.#waiting.splice(index, 1)
      this.#drop(entry, new SqliteFailure(tooLate))
    }
  }

  rejectAll(error: Error): void {
    for (const entry of [...this.#sent.values(), ...this.#waiting.splice(0)]) this.#drop(entry, error)
    this.#sent.clear()
  }

  #drop(entry: QueuedJob, error: Error): void {
    this.#bytes -= entry.bytes
    entry.reject(error)
  }
}

const tooLate: RawFailure = { code: 'TIMEOUT', message: 'the database file did not answer in time' }

const overloaded = () =>
  new SqliteFailure({ code: 'OVERLOADED', message: 'too many statements wait for the database file' })
