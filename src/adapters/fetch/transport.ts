/** The transport on workerd: the platform's fetch, without redirects. */
import type { Transport, TransportInit } from '../../ports/index.ts'
import { attempt, bodyFailure } from './attempt.ts'
import { requestBody } from './request-body.ts'
import { webInit } from './web-message.ts'

export interface FetchPlatform {
  /** `(url, init) => fetch(url, init)`: workerd's fetch fails when called as a method. */
  fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Declares a stream's length so that it is not sent chunked (workerd's FixedLengthStream). */
  fixedLength?: (stream: ReadableStream<Uint8Array>, bytes: number) => ReadableStream<Uint8Array>
}

/**
 * On workerd a body that JavaScript does not read passes unchanged, content-encoding and length intact; a wrapper would
 * decode and encode it. So idleMs does not apply there, and connectMs is part of firstByteMs.
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
