/** Names what undici and the socket report in the port's five words. */
import { TransportError, type TransportFailure } from '../../../errors/gateway-error.ts'

/** `started`: bytes of the request may have left. Before that, every failure means that nobody was reached. */
export function transportError(error: unknown, started: boolean): TransportError {
  if (error instanceof TransportError) return error
  return new TransportError(failureOf(error as NodeJS.ErrnoException, started), { cause: error })
}

function failureOf({ name, code = '', message }: NodeJS.ErrnoException, started: boolean): TransportFailure {
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'timeout'
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_ABORTED') return 'aborted'
  if (name === 'HTTPParserError' || malformed.has(code)) return 'malformed'
  if (message === 'bad response' || message === 'bad upgrade') return 'malformed'
  return started ? 'reset' : 'unreachable'
}

/** Breaches of HTTP on either side; a socket that merely closed is none. */
const malformed = new Set([
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'ERR_ASSERTION',
])
