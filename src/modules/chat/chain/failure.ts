/** Maps each failure of a provider to one of the words that warnings use. */

import { GatewayError, TransportError } from '../../../errors/gateway-error.ts'
import { discardBody } from '../../../lib/read-body.ts'
import type { UpstreamAnswer } from '../../../ports/index.ts'
import { transportFailure } from '../../../upstream/layers/outcome.ts'
import { ChatFailure } from '../providers/provider.ts'

/** Never the other side's words: they may repeat what the caller wrote. */
export function failureOf(error: unknown): ChatFailure {
  if (error instanceof ChatFailure) return error
  if (error instanceof GatewayError) return ofGateway(error)
  if (error instanceof TransportError) return ofTransport(error)
  if (error instanceof SyntaxError) return new ChatFailure('malformed', 'not_json', { cause: error })
  return new ChatFailure('unreachable', 'cut', { cause: error })
}

function ofGateway(error: GatewayError): ChatFailure {
  if (error.cause instanceof TransportError) return ofTransport(error.cause, transportFailure(error))
  if (error.code === 'service_overloaded') return new ChatFailure('unreachable', 'overloaded', { cause: error })
  if (error.details.retryAfterMs !== undefined) return new ChatFailure('unreachable', 'circuit_open', { cause: error })
  return new ChatFailure('unreachable', null, { cause: error })
}

function ofTransport(cause: TransportError, failure = cause.failure): ChatFailure {
  if (failure === 'timeout') return new ChatFailure('timeout', null, { cause })
  if (failure === 'malformed') return new ChatFailure('malformed', 'not_http', { cause })
  return new ChatFailure('unreachable', failure === 'reset' ? 'cut' : null, { cause })
}

/** Cancels an unread answer; its connection would stay open. */
export function refusedBy({ status, body }: UpstreamAnswer): ChatFailure {
  discardBody(body)
  return new ChatFailure('refused', `status_${status}`)
}
