/** Maps errors of undici and of sockets to the port's TransportFailure. */
import { TransportError, type TransportFailure } from '../../../errors/gateway-error.ts'

/** `started`: bytes of the request may have been sent. Before that, every failure is `unreachable`. */
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

/** Protocol violations, as opposed to closed sockets. */
const malformed = new Set([
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_INVALID_ARG',
  'UND_ERR_NOT_SUPPORTED',
  'ERR_ASSERTION',
])
