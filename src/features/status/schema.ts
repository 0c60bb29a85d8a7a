/** What the public status routes give: the union that both versions of clients read (contract G5, G7, H12). */
import * as v from 'valibot'

export const ModuleState = v.picklist(['ok', 'service_offline', 'off_by_policy', 'dormant'])
export type ModuleState = v.InferOutput<typeof ModuleState>

export const ModuleReport = v.object({
  module: v.string(),
  /** `ok`: its /health answered. `service_offline`: it should run and did not answer. */
  status: ModuleState,
  up: v.boolean(),
  /** The version from its /health. */
  version: v.nullable(v.string()),
  latency_ms: v.nullable(v.number()),
  checked_at: v.nullable(v.string()),
  /** Why it is not up, or `runs_without_window`, `opening`, `closing`, `busy`; else null. */
  reason: v.nullable(v.string()),
  /** The other members of its own health answer, such as `deps` or `active_model`. */
  reported: v.nullable(v.record(v.string(), v.unknown())),
})
export type ModuleReport = v.InferOutput<typeof ModuleReport>

export const Mode = v.picklist(['solo_madre', 'windowed', 'full'])
export type Mode = v.InferOutput<typeof Mode>

/** What every view says first. */
export const verdict = {
  status: v.picklist(['ok', 'degraded']),
  degraded: v.boolean(),
  /** What should run and does not; empty when nothing is degraded. */
  reasons: v.array(v.string()),
}

export const Vx11Status = v.object({
  /** True when everything that should run answers. */
  ok: v.boolean(),
  ...verdict,
  module: v.literal('tentaculo_link'),
  version: v.string(),
  timestamp: v.string(),
  /** The directory of VX11's services: where each is configured, else its standard port. */
  ports: v.record(v.string(), v.number()),
  modules: v.record(v.string(), ModuleReport),
  summary: v.object({ healthy_modules: v.number(), total_modules: v.number(), all_healthy: v.boolean() }),
  mode: Mode,
  policy: v.string(),
  madre_available: v.boolean(),
  switch_available: v.boolean(),
  spawner_available: v.boolean(),
  correlation_id: v.string(),
})
export type Vx11Status = v.InferOutput<typeof Vx11Status>

export const Vx11Overview = v.object({
  ...verdict,
  gateway: v.literal('tentaculo_link'),
  version: v.string(),
  modules_health: v.record(v.string(), ModuleReport),
  summary: v.object({ total_modules: v.number(), healthy: v.number(), unhealthy: v.number() }),
  correlation_id: v.string(),
})
export type Vx11Overview = v.InferOutput<typeof Vx11Overview>

export const SwitchStatus = v.object({
  status: v.picklist(['healthy', 'degraded', 'off_by_policy', 'dormant']),
  module: v.literal('switch'),
  version: v.nullable(v.string()),
  /** Whether requests are routed to it now. */
  routing_mode: v.picklist(['active', 'offline', 'off_by_policy', 'dormant']),
  /** Null when it is not configured, as the figures below. */
  circuit_breaker: v.nullable(v.picklist(['closed', 'open', 'half_open'])),
  in_flight: v.nullable(v.number()),
  latency_ms: v.nullable(v.number()),
  checked_at: v.nullable(v.string()),
  reason: v.nullable(v.string()),
  timestamp: v.string(),
  correlation_id: v.string(),
})
export type SwitchStatus = v.InferOutput<typeof SwitchStatus>
