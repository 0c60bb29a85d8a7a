/** Decides where the body of an answer ends (RFC 9112 §6.3). Ambiguous framing is malformed. */
import { TransportError } from '../../../errors/gateway-error.ts'
import { statusContent } from '../../../lib/status-content.ts'
import type { ResponseHead } from './response-head.ts'

/** A byte count, chunked coding, or the end of the connection. */
export type Framing = number | 'chunked' | 'until_close'

export function framingOf(method: string, { status, headers }: ResponseHead): Framing {
  const { 'content-length': length, 'transfer-encoding': coding } = headers
  if (length !== undefined && (coding !== undefined || typeof length !== 'string' || !/^\d{1,15}$/.test(length))) {
    throw new TransportError('malformed')
  }
  const isChunked = coding !== undefined
  if (isChunked && (typeof coding !== 'string' || coding.toLowerCase() !== 'chunked'))
    throw new TransportError('malformed')
  if (method === 'HEAD' || statusContent(status).endsWithHead) return 0
  if (isChunked) return 'chunked'
  return length === undefined ? 'until_close' : Number(length)
}
