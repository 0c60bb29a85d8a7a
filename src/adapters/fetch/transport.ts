/** The transport on workerd: the platform's fetch, without redirects. */
import type { TransportError } from '../../errors/gateway-error.ts'
import type { Transport, TransportInit } from '../../ports/index.ts'
import { attempt, bodyFailure } from './attempt.ts'
import { type Upload, upload } from './request-body.ts'
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
  async (url, init) => {
    let settled: Upload['settled'] | undefined
    let broken: TransportError | undefined
    const answer = await attempt(init, (signal, fail) => {
      const broke = (error: unknown) => {
        broken = bodyFailure(error)
        fail(broken)
      }
      const sent = sentBody(platform, init, broke)
      settled = sent.settled
      return platform.fetch(url, webInit({ ...init, body: sent.body }, signal))
    })
    // Who refuses an upload has no use for the rest of it, and its caller wants to know.
    if (answer.status >= 400) return answer
    await settled?.()
    if (broken) throw broken
    return answer
  }

function sentBody(
  { fixedLength }: FetchPlatform,
  { body, headers }: TransportInit,
  broke: (error: unknown) => void,
): { body: TransportInit['body']; settled?: Upload['settled'] } {
  if (!(body instanceof ReadableStream)) return { body }
  const length = headers['content-length']
  if (fixedLength && typeof length === 'string') return { body: fixedLength(body, Number(length)) }
  return upload(body, broke)
}
