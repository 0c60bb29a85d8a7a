/** The body of an error: RFC 9457 with VX11's own members (contract shared/error-bodies). */
import * as v from 'valibot'
import { catalogue, type ErrorCode, type ErrorDetails, type GatewayError } from '../../errors/gateway-error.ts'

/** The RFC's optional `status` member is never a number here: VX11's clients read `status` as a word, where it is one. */
export const Problem = v.object({
  type: v.string(),
  title: v.string(),
  detail: v.union([
    v.string(),
    v.array(v.object({ loc: v.array(v.union([v.string(), v.number()])), msg: v.string(), type: v.string() })),
  ]),
  error: v.string(),
  status_code: v.number(),
  correlation_id: v.string(),
  /** Of the request's trace, where the gateway traces. */
  trace_id: v.optional(v.string()),
  /** Whole seconds; only with 429 and 503. */
  retry_after: v.optional(v.number()),
  /** `OFF_BY_POLICY` with off_by_policy, `error` with the errors of windows and of the assist route, `ERROR` with a refused intent, `rejected` with event_rejected, `service_offline` with the refused changes that v7's clients know by it. */
  status: v.optional(v.picklist(['OFF_BY_POLICY', 'error', 'ERROR', 'rejected', 'service_offline'])),
  /** With endpoint_not_found alone: method and path of each route of the operator API. */
  available_endpoints: v.optional(v.array(v.string())),
  /** With message_too_long alone: code points, and the session; null for one that the caller did not name. */
  message_length: v.optional(v.number()),
  session_id: v.optional(v.nullable(v.string())),
  /** With a window's errors: `error` and `detail` under the names that v7's window clients read. */
  error_code: v.optional(v.string()),
  error_msg: v.optional(v.string()),
  /** What the upstream itself said, one line; only for a caller with scope admin. */
  upstream_reason: v.optional(v.string()),
  /** From here on with the errors of the assist route; its `error_code` is v7's word. */
  request_id: v.optional(v.string()),
  purpose: v.optional(v.nullable(v.string())),
  elapsed_ms: v.optional(v.nullable(v.number())),
  /** From here on with off_by_policy alone: the mode in force, what it keeps closed, and what to do about it. */
  policy: v.optional(v.string()),
  service: v.optional(v.string()),
  reason: v.optional(v.string()),
  message: v.optional(v.string()),
  hint: v.optional(v.string()),
  recommended_action: v.optional(v.string()),
  retry_after_ms: v.optional(v.null()),
  timestamp: v.optional(v.string()),
  /** In a refused intent only: the members of a failed one (contract H9). */
  mode: v.optional(v.literal('FALLBACK')),
  provider: v.optional(v.null()),
  response: v.optional(v.record(v.string(), v.string())),
  degraded: v.optional(v.boolean()),
})
export type Problem = v.InferOutput<typeof Problem>

/** For problem.ts, and for streams that fail after their first byte. */
export function problemBody({ code, details }: GatewayError, correlationId: string, now: number): Problem {
  const { status, title, detail } = catalogue[code]
  const retryAfterMs = details.retryAfterMs ?? usualRetryMs[code]
  const retryAfter = retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(retryAfterMs / 1000))
  return {
    type: `/docs#error-${code}`,
    title,
    detail: status === 422 ? issuesOf(details, code, detail) : (details.detail ?? detail),
    error: code,
    status_code: status,
    correlation_id: correlationId,
    ...(retryAfter !== undefined && { retry_after: retryAfter }),
    ...(details.endpoints && { available_endpoints: [...details.endpoints] }),
    ...(details.asWindowError && { status: 'error', error_code: code, error_msg: details.detail ?? detail }),
    ...(details.upstreamReason !== undefined && { upstream_reason: details.upstreamReason }),
    ...(details.longMessage && {
      message_length: details.longMessage.length,
      session_id: details.longMessage.sessionId,
    }),
    ...(details.assist && assistMembers(details.assist, details.detail ?? detail)),
    ...(details.asRejection && { status: 'rejected', reason: 'schema_validation_failed' }),
    ...(details.asServiceOffline && isOffline(code) && { status: 'service_offline' }),
    ...(details.policy && policyMembers(details.policy, now)),
    ...(details.asIntentError && intentMembers(code, details)),
  }
}

/** A 422 has a list of issues, whichever its code. */
const issuesOf = ({ issues, detail }: ErrorDetails, code: ErrorCode, usual: string) =>
  issues?.map((issue) => ({ ...issue, loc: [...issue.loc] })) ?? [{ loc: [], msg: detail ?? usual, type: code }]

/** An unavailable store may be back at any moment, so every 503 of one carries Retry-After. */
const usualRetryMs: Partial<Record<ErrorCode, number>> = { database_unavailable: 1000, events_unavailable: 1000 }

const isOffline = (code: ErrorCode): boolean =>
  code !== 'limiter_unavailable' && (code.endsWith('_unavailable') || code.endsWith('_timeout'))

const assistMembers = (
  { requestId, purpose, errorCode, elapsedMs }: NonNullable<ErrorDetails['assist']>,
  message: string,
) => ({
  status: 'error' as const,
  error_code: errorCode,
  error_msg: message,
  request_id: requestId,
  purpose,
  elapsed_ms: elapsedMs,
})

/** The body of a policy refusal (contract shared/policy-refusals). Waiting changes no policy: no Retry-After. */
const policyMembers = (
  { policy, service, reason, message, hint, recommendedAction }: NonNullable<ErrorDetails['policy']>,
  now: number,
) => ({
  status: 'OFF_BY_POLICY' as const,
  policy,
  service,
  reason,
  message,
  hint,
  recommended_action: recommendedAction,
  retry_after_ms: null,
  timestamp: new Date(now).toISOString(),
})

/** One set of members for every reason of refusal. */
function intentMembers(code: GatewayError['code'], { policy, detail }: ErrorDetails) {
  const response = policy
    ? {
        reason: policy.reason,
        policy: policy.policy.toUpperCase(),
        required_service: policy.service,
        hint: policy.hint,
      }
    : { reason: code, hint: detail ?? catalogue[code].detail }
  return { status: 'ERROR' as const, mode: 'FALLBACK' as const, provider: null, response, degraded: true }
}
