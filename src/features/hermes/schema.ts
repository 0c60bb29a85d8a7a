/** What the routes to hermes take and give (contract G13 to G15, H18 to H21). */
import * as v from 'valibot'

export const HermesHealth = v.object({
  status: v.picklist(['ok', 'unhealthy', 'unreachable', 'dormant']),
  module: v.literal('hermes'),
  version: v.nullable(v.string()),
  latency_ms: v.nullable(v.number()),
  checked_at: v.nullable(v.string()),
  /** Why it is not ok; null when it is. */
  reason: v.nullable(v.string()),
  correlation_id: v.string(),
})
export type HermesHealth = v.InferOutput<typeof HermesHealth>

const Text = v.nullable(v.string())
const Count = v.nullable(v.number())

/** Providers and models as hermes registered them. The name of a provider's key is left out. */
export const HermesCatalog = v.object({
  cli_providers: v.array(
    v.object({
      name: v.string(),
      base_url: Text,
      task_types: v.array(v.string()),
      enabled: v.nullable(v.boolean()),
      daily_limit_tokens: Count,
      monthly_limit_tokens: Count,
      tokens_used_today: Count,
      tokens_used_month: Count,
      updated_at: Text,
    }),
  ),
  models: v.array(
    v.object({
      name: v.string(),
      size_mb: Count,
      category: Text,
      status: Text,
      compatibility: Text,
      downloaded_at: Text,
      updated_at: Text,
    }),
  ),
  degraded: v.boolean(),
  error: v.optional(v.literal('database_unavailable')),
  correlation_id: v.string(),
})
export type HermesCatalog = v.InferOutput<typeof HermesCatalog>

/** Without `apply` hermes only says what it would do. */
export const Discover = v.object({
  apply: v.optional(v.boolean(), false),
  allow_web: v.optional(v.boolean(), false),
  allow_download: v.optional(v.boolean(), false),
})
