/** Detects connections whose caller neither sends its body nor reads its response, and so blocks memory and slots. */
import type { Socket } from 'node:net'
import type { WatchedRequest } from './watched-request.ts'

export interface ProgressLimits {
  /** An incomplete body must receive `bodyBytes` of content within this time, while it is being read. */
  bodyMs: number
  bodyBytes: number
  /** The caller must read `readerBytes` of a blocked response within this time. */
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

  /** Call this periodically for each connection; `request` is its latest. `now` is monotonic. */
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

  /** Completed writes count in full, pending ones by what libuv has sent of them. */
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

/** Node's socket timeout uses the same number. */
const queuedIn = (socket: Socket): number =>
  (socket as { _handle?: { writeQueueSize?: number } | null })._handle?.writeQueueSize ?? 0
