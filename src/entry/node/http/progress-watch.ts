/** Finds connections whose caller neither sends its body nor reads its answer, which would hold memory and slots for ever. */
import type { Socket } from 'node:net'
import type { WatchedRequest } from './watched-request.ts'

export interface ProgressLimits {
  /** A body that is not complete gets `bodyBytes` of content within this time, while somebody reads it. */
  bodyMs: number
  bodyBytes: number
  /** Of an answer that waits for its reader `readerBytes` are taken within this time. */
  readerMs: number
  readerBytes: number
  checkEveryMs: number
}

export const progressLimits: ProgressLimits = {
  bodyMs: 30_000,
  bodyBytes: 1024,
  readerMs: 30_000,
  readerBytes: 1024,
  checkEveryMs: 2500,
}

export type Stall = 'slow_body' | 'slow_reader'

interface Progress {
  request: WatchedRequest | undefined
  contentBytes: number
  bodyAt: number
  sentBytes: number
  queuedBytes: number
  sentAt: number
}

export class ProgressWatch {
  readonly #limits: ProgressLimits
  readonly #known = new WeakMap<Socket, Progress>()

  constructor(limits: ProgressLimits) {
    this.#limits = limits
  }

  /** To be called for each connection now and then; `request` is its latest. `now` is monotonic. */
  check(socket: Socket, request: WatchedRequest | undefined, now: number): Stall | null {
    const known = this.#known.get(socket)
    if (!known) {
      this.#known.set(socket, { ...nothing, request, bodyAt: now, sentAt: now })
      return null
    }
    if (this.#bodyStalls(known, request, now)) return 'slow_body'
    return this.#readerStalls(known, socket, now) ? 'slow_reader' : null
  }

  #bodyStalls(known: Progress, request: WatchedRequest | undefined, now: number): boolean {
    if (!request || request.complete) return false
    const { bodyMs, bodyBytes } = this.#limits
    const isNew = known.request !== request
    if (isNew || request.held || request.contentBytes - known.contentBytes >= bodyBytes) {
      known.request = request
      known.contentBytes = request.contentBytes
      known.bodyAt = now
    }
    return now >= request.completeBy || now - known.bodyAt >= bodyMs
  }

  /** A write counts when it is complete, and before that by what libuv still holds of it. */
  #readerStalls(known: Progress, socket: Socket, now: number): boolean {
    const { readerMs, readerBytes } = this.#limits
    const sentBytes = socket.bytesWritten - socket.writableLength
    const queuedBytes = queuedIn(socket)
    const isMoving = sentBytes !== known.sentBytes || known.queuedBytes - queuedBytes >= readerBytes
    if (isMoving || (socket.writableLength === 0 && queuedBytes === 0)) {
      known.sentBytes = sentBytes
      known.queuedBytes = queuedBytes
      known.sentAt = now
    }
    return now - known.sentAt >= readerMs
  }
}

const nothing = { contentBytes: 0, sentBytes: 0, queuedBytes: 0 }

/** Node's own socket timeout goes by the same number. */
const queuedIn = (socket: Socket): number =>
  (socket as { _handle?: { writeQueueSize?: number } | null })._handle?.writeQueueSize ?? 0
