/** One HTTP exchange over the platform's network. */
import type { CancelSignal } from './cancel-signal.ts'

/** Timeouts of an exchange with an upstream, in milliseconds. */
export interface TimeLimits {
  connectMs: number
  /** From the start of the exchange, or the last sent piece of the request body, to the status line. */
  firstByteMs: number
  /** Maximum time between two pieces of a body. */
  idleMs: number
  /** Replaces `idleMs` for `text/event-stream` if it is longer. */
  streamIdleMs?: number
}

/** Header fields by lower-case name; a repeated field is an array, in order. */
export type HeaderFields = Record<string, string | string[]>

export interface TransportInit {
  method: string
  headers: HeaderFields
  /** A stream is forwarded as it arrives; bytes are sent whole with Content-Length. */
  body: ReadableStream<Uint8Array> | Uint8Array | null
  signal?: CancelSignal
  limits: TimeLimits
}

/**
 * An upstream's response as a plain object instead of a web Response: the gateway filters and adds headers
 * before it answers, and rebuilding a Response costs more than the rest of the proxy (docs/decisions/).
 */
export interface UpstreamAnswer {
  status: number
  headers: HeaderFields
  /** Bytes if the whole body arrived at once, null where HTTP allows no body; a stream must be read or cancelled. */
  body: ReadableStream<Uint8Array> | Uint8Array | null
}

/**
 * One HTTP exchange with an absolute http(s) URL, without retries, redirects or decompression.
 * Rejects with TransportError only (errors.ts); a body that fails later errors its stream.
 */
export type Transport = (url: string, init: TransportInit) => Promise<UpstreamAnswer>
