/** What the health routes give. */
import * as v from 'valibot'

/** VX11's modules and compose files compare these words (contract G1). */
export const Health = v.object({ status: v.literal('ok'), module: v.literal('tentaculo_link'), version: v.string() })
export type Health = v.InferOutput<typeof Health>

export const Liveness = v.object({
  status: v.literal('alive'),
  version: v.string(),
  /** That the program was built from; null where it is not known. */
  commit: v.nullable(v.string()),
})

const ReadinessCheck = v.object({
  ok: v.boolean(),
  latency_ms: v.number(),
  /** Why the check failed, coarse; null when it passed. */
  reason: v.nullable(v.string()),
})
export const Readiness = v.object({
  status: v.picklist(['ready', 'degraded', 'not_ready', 'draining']),
  checks: v.record(v.string(), ReadinessCheck),
})
export type Readiness = v.InferOutput<typeof Readiness>
