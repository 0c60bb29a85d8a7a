/** The two errors that are thrown on purpose, and what the one that callers see may add to its code. */
import type { ErrorCode } from './catalogue.ts'

export { catalogue, type ErrorCode } from './catalogue.ts'

/** What an error may add to its answer. */
export interface ErrorDetails {
  /** Replaces the catalogue's detail; never a caller's or an upstream's words. */
  detail?: string
  retryAfterMs?: number
  /** For 405: the methods that the path answers. */
  allow?: readonly string[]
  /** For endpoint_not_found: what there is. */
  endpoints?: readonly string[]
  /** For 422: one entry for each thing that is wrong. */
  issues?: readonly ValidationIssue[]
  /** Adds `{status: "rejected", reason: "schema_validation_failed"}`, which v7 answered to a canonical event. */
  asRejection?: true
  /** For off_by_policy: what is closed, and how to open it. */
  policy?: PolicyRefusal
  /** An upstream's own words, for a caller with scope admin alone: `upstream_reason`. */
  upstreamReason?: string
  /** Adds `{status: "error", error_code, error_msg}`, which VX11's window clients read. */
  asWindowError?: true
  /** The same and more for v7's clients of the assist route. */
  assist?: AssistRefusal
  /** Adds the members of a failed intent, which HEAD's clients read. */
  asIntentError?: true
  /** Adds `{status: "service_offline"}` where the module is away, which v7's clients read of a refused change. */
  asServiceOffline?: true
}

export interface AssistRefusal {
  requestId: string
  /** Null for one that does not exist. */
  purpose: string | null
  /** v7's word for it. */
  errorCode: string
  /** Null where no model was asked. */
  elapsedMs: number | null
}

/** What a policy keeps closed (contract shared/policy-refusals). */
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

/** How deep stacks are: V8's own, and so on both runtimes. */
const v8 = Error as { stackTraceLimit?: number | undefined }

/**
 * The only error that a layer below HTTP throws on purpose. It has no stack: nobody reads that of a refusal, and taking
 * it is a fifth of what one costs.
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
