/** The two errors that are thrown on purpose, and the details that GatewayError may add to its code. */
import type { ErrorCode } from './catalogue.ts'

export { catalogue, type ErrorCode } from './catalogue.ts'

/** Details that an error adds to its answer. */
export interface ErrorDetails {
  /** Replaces the catalogue's detail; never contains text of a caller or upstream. */
  detail?: string
  retryAfterMs?: number
  /** For 405: the methods that the path answers. */
  allow?: readonly string[]
  /** For endpoint_not_found: the existing endpoints. */
  endpoints?: readonly string[]
  /** For 422: one entry per problem. */
  issues?: readonly ValidationIssue[]
  /** Adds `{status: "rejected", reason: "schema_validation_failed"}`, which v7 answered to a canonical event. */
  asRejection?: true
  /** For off_by_policy: the closed service, and how to open it. */
  policy?: PolicyRefusal
  /** The upstream's text, shown only to callers with scope admin as `upstream_reason`. */
  upstreamReason?: string
  /** Adds `{status: "error", error_code, error_msg}`, which VX11's window clients read. */
  asWindowError?: true
  /** The same and more for v7's clients of the assist route. */
  assist?: AssistRefusal
  /** For message_too_long: its code points, and the session it was meant for; v7's consoles read both. */
  longMessage?: { length: number; sessionId: string | null }
  /** Adds the members of a failed intent, which HEAD's clients read. */
  asIntentError?: true
  /** Adds `{status: "service_offline"}` when the module is unreachable, for v7's clients. */
  asServiceOffline?: true
}

export interface AssistRefusal {
  requestId: string
  /** Null for an unknown purpose. */
  purpose: string | null
  /** v7's error code. */
  errorCode: string
  /** Null if no model was called. */
  elapsedMs: number | null
}

/** A refusal by the power policy (contract shared/policy-refusals). */
export interface PolicyRefusal {
  /** The mode in force. */
  policy: string
  service: string
  reason: string
  message: string
  hint: string
  recommendedAction: string
}

export interface ValidationIssue {
  loc: readonly (string | number)[]
  msg: string
  type: string
}

/** `stackTraceLimit` is V8's, so both runtimes have it. */
const v8 = Error as { stackTraceLimit?: number | undefined }

/**
 * The only error that a layer below HTTP throws on purpose. It has no stack, because capturing one takes a fifth of the
 * time of a refused request.
 */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: ErrorCode
  readonly details: ErrorDetails

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    const limit = v8.stackTraceLimit
    v8.stackTraceLimit = 0
    super(code, options)
    v8.stackTraceLimit = limit
    this.code = code
    this.details = details
  }
}

/** How an exchange failed before its status line arrived. */
export type TransportFailure = 'unreachable' | 'timeout' | 'malformed' | 'reset' | 'aborted' | 'body_too_large'

/** The only error that a Transport rejects with. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  readonly failure: TransportFailure

  constructor(failure: TransportFailure, options?: ErrorOptions) {
    super(failure, options)
    this.failure = failure
  }
}
