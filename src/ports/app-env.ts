/** Types of Hono's request context in this app. */
import type { Principal } from '../config/principal.ts'

/** What a handler knows of the administrative act that its request is. */
export interface ActDetail {
  target?: string | null
  /** States before and after, without secrets. */
  before?: unknown
  after?: unknown
  /** The audit is stored together with the change itself. */
  stored?: true
}

/** Variables of a request, as `c.var`. */
export interface AppEnv {
  Variables: {
    correlationId: string
    /** The caller sent the correlation id. */
    correlationGiven?: true
    /** Of the request's trace; absent where tracing is off. */
    traceId?: string
    /** Headers for the answer, by lower-case name (http/answer.ts). */
    gathered: Record<string, string>
    /** The response has been created with these headers. */
    answered?: true
    /** The response is the gateway's own, from a described route. */
    own?: true
    /** Arrival of the request, on the monotonic clock. */
    startedAt: number
    /** Remaining requests of the limit class; absent on unlimited routes. */
    limit?: { rule: string; remaining: number }
    /** Absent on public routes. */
    principal?: Principal
    /** The caller's Authorization carries a token of the gateway, which must not be forwarded. */
    ownsAuthorization?: true
    /** Set by http/audit/note-act.ts. */
    actDetail?: ActDetail
    /** The row of the act's beginning. */
    attempt?: number
    /** The response is a WebSocket; `c.res` has another status than 101, which Node's Response does not allow. */
    upgraded?: true
  }
}
