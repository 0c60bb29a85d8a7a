/** What GET /vx11/circuit-breaker/status gives (contract G6), and what else stands before an upstream. */
import * as v from 'valibot'

/** Of an upstream, and of each of its addresses where it has several. */
const circuit = {
  /** An address that is open is set aside: its requests go to the others. */
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
}

export const BreakerAddress = v.object({
  ...{ url: v.string(), weight: v.number() },
  ...circuit,
  sockets: v.number(),
  /** Its own answer to /health; null before the first. */
  health: v.nullable(
    v.object({
      up: v.boolean(),
      reason: v.nullable(v.string()),
      latency_ms: v.nullable(v.number()),
      checked_at: v.number(),
    }),
  ),
  /** Since this instance started. */
  tries: v.object({ success: v.number(), failure: v.number(), unknown: v.number() }),
  ejections: v.number(),
})
export type BreakerAddress = v.InferOutput<typeof BreakerAddress>

export const Breaker = v.object({
  ...circuit,
  max_in_flight: v.number(),
  /** Requests and retries of the last ten seconds, and how many retries would be allowed now. */
  retry_budget: v.object({ requests: v.number(), retries: v.number(), remaining: v.number() }),
  /** Absent where there is only one; then `state` is that of the best. */
  addresses: v.optional(v.array(BreakerAddress)),
  /** Tries while every address was set aside or down. */
  last_resorts: v.optional(v.number()),
  /** Slow reads that a second address was asked for; `after_ms` is null while too few answers are known. */
  hedges: v.optional(
    v.object({ after_ms: v.nullable(v.number()), sent: v.number(), won: v.number(), refused: v.number() }),
  ),
})
export type Breaker = v.InferOutput<typeof Breaker>

export const BreakerStatus = v.object({
  status: v.literal('ok'),
  /** Upstreams that are configured. On workerd this isolate's own view. */
  breakers: v.record(v.string(), Breaker),
  timestamp: v.number(),
})
export type BreakerStatus = v.InferOutput<typeof BreakerStatus>
