/** One HTTP exchange over the platform's network. */
import type { CancelSignal } from './cancel-signal.ts'

/** How long an exchange with an upstream may take, in milliseconds. */
export interface TimeLimits {
  connectMs: number
  /** From the start of the exchange, or the last piece of a request body still being sent, to the status line. */
  firstByteMs: number
  /** The longest silence between two pieces of a body. */
  idleMs: number
  /** The same for `text/event-stream`, where it is longer; `idleMs` where it is absent. */
  streamIdleMs?: number
}

/** Header fields by lower-case name; a repeated field is an array, in order. */
export type HeaderFields = Record<string, string | string[]>

export interface TransportInit {
  method: string
  headers: HeaderFields
  /** A stream is sent as it comes; bytes are sent whole with their length. */
  body: ReadableStream<Uint8Array> | Uint8Array | null
  signal?: CancelSignal
  limits: TimeLimits
}

/**
 * What an upstream said. A plain object and not a web Response: the gateway filters and adds headers
 * before it answers, and rebuilding a Response costs more than the rest of the proxy (docs/decisions/).
 */
export interface UpstreamAnswer {
  status: number
  headers: HeaderFields
  /** Bytes when the whole body was there at once, null where HTTP allows none; a stream must be read or cancelled. */
  body: ReadableStream<Uint8Array> | Uint8Array | null
}

/**
 * One HTTP exchange with an absolute http(s) URL: no retry, no redirect followed, no decompression.
 * Rejects with TransportError only (errors.ts); a body that fails later errors its stream.
 */
export type Transport = (url: string, init: TransportInit) => Promise<UpstreamAnswer>
