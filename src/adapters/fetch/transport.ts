/** The transport on workerd: the platform's fetch, told to do no more than one exchange. */
import type { Transport, TransportInit } from '../../ports/index.ts'
import { attempt, bodyFailure } from './attempt.ts'
import { requestBody } from './request-body.ts'
import { webInit } from './web-message.ts'

export interface FetchPlatform {
  /** A function of its own, `(url, init) => fetch(url, init)`: workerd's fetch refuses to be a method. */
  fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Tells the platform how long a stream is, so that it is not sent chunked (workerd's FixedLengthStream). */
  fixedLength?: (stream: ReadableStream<Uint8Array>, bytes: number) => ReadableStream<Uint8Array>
}

/**
 * On workerd a body that no JavaScript touches is passed on as the bytes that came, content-encoding and length intact;
 * a wrapper would decode and encode it again. So idleMs has no hold on it there, and connectMs is part of firstByteMs.
 */
export const fetchTransport =
  (platform: FetchPlatform): Transport =>
  (url, init) =>
    attempt(init, (signal, fail) => {
      const body = sentBody(platform, init, fail)
      return platform.fetch(url, webInit({ ...init, body }, signal))
    })

function sentBody({ fixedLength }: FetchPlatform, { body, headers }: TransportInit, fail: (error: unknown) => void) {
  if (!(body instanceof ReadableStream)) return body
  const length = headers['content-length']
  if (fixedLength && typeof length === 'string') return fixedLength(body, Number(length))
  return requestBody(body, (error) => fail(bodyFailure(error)))
}
