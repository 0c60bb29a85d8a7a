/** What GET /vx11/circuit-breaker/status gives (contract G6), and what else stands before an upstream. */
import * as v from 'valibot'

export const Breaker = v.object({
  state: v.picklist(['closed', 'open', 'half_open']),
  /** Failures in a row, up to now or until the circuit opened. */
  failure_count: v.number(),
  /** Epoch seconds, as all times here; kept after the recovery. */
  last_failure: v.nullable(v.number()),
  /** When an open circuit lets a probe through. */
  opened_until: v.nullable(v.number()),
  /** Why the last exchange did not come to an answer, health questions included; null when it did. */
  cause: v.nullable(v.object({ code: v.string(), complaint: v.string(), at: v.number() })),
  in_flight: v.number(),
  max_in_flight: v.number(),
  /** Requests and retries of the last ten seconds, and how many retries would be allowed now. */
  retry_budget: v.object({ requests: v.number(), retries: v.number(), remaining: v.number() }),
})
export type Breaker = v.InferOutput<typeof Breaker>

export const BreakerStatus = v.object({
  status: v.literal('ok'),
  /** Upstreams that are configured. On workerd this isolate's own view. */
  breakers: v.record(v.string(), Breaker),
  timestamp: v.number(),
})
export type BreakerStatus = v.InferOutput<typeof BreakerStatus>
