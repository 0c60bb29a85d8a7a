/** What the gateway's own routes under /shub take and give (contract S1, S3, S4). */
import * as v from 'valibot'

export const CacheCleared = v.object({
  status: v.literal('cleared'),
  keys_deleted: v.number(),
  /** Epoch seconds. */
  timestamp: v.number(),
})

export const RateLimitStatus = v.object({
  status: v.literal('ok'),
  rate_limit: v.union([
    v.object({ enabled: v.literal(false) }),
    v.object({
      enabled: v.literal(true),
      /** The principal's name; the token never appears. */
      identifier: v.string(),
      limit: v.number(),
      requests_in_window: v.number(),
      remaining: v.number(),
      /** Seconds until the whole allowance is back. */
      ttl_seconds: v.number(),
    }),
  ]),
  timestamp: v.number(),
  correlation_id: v.string(),
})
export type RateLimitStatus = v.InferOutput<typeof RateLimitStatus>

/** Shub's own object. */
export const ShubObject = v.looseObject({})

/** Shub's own object, plus the correlation id of this request; shub may send more fields than it promises. */
export const ShubHealth = v.looseObject({ status: v.optional(v.string()), correlation_id: v.string() })
