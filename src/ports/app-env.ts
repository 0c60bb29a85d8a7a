/** What Hono's types must know of this app. */
import type { Principal } from '../config/principal.ts'

/** What a request carries through the middleware, as `c.var`. */
export interface AppEnv {
  Variables: {
    correlationId: string
    /** The correlation id is the caller's own. */
    correlationGiven?: true
    /** Headers for the answer, by lower-case name (http/answer.ts). */
    gathered: Record<string, string>
    /** The answer was made with them. */
    answered?: true
    /** When the request came in, on the monotonic clock. */
    startedAt: number
    /** What is left of the allowance of the request's class; absent where nothing is limited. */
    limit?: { rule: string; remaining: number }
    /** Absent on public routes. */
    principal?: Principal
    /** The caller's Authorization carries a token of the gateway, which must not be forwarded. */
    ownsAuthorization?: true
    /** The answer is a WebSocket, though `c.res` has another status than 101: Node's Response cannot have that one. */
    upgraded?: true
  }
}
