/** What the routes directly under /operator give (contract O4, O17 to O19). */
import * as v from 'valibot'
import { Capability } from '../capabilities.ts'
import { Mode, verdict } from '../schema.ts'

const answer = { correlation_id: v.string(), timestamp: v.string() }

/** `error` is coarse, and there while the component does not answer. */
const Part = v.object({
  status: v.picklist(['ok', 'unreachable', 'not_configured']),
  port: v.nullable(v.number()),
  latency_ms: v.nullable(v.number()),
  error: v.optional(v.string()),
})

export const OperatorStatus = v.object({
  ...verdict,
  components: v.object({
    tentaculo_link: Part,
    madre: Part,
    redis: Part,
    database: Part,
    switch: v.object({
      status: v.picklist(['available', 'offline', 'off_by_policy', 'not_configured']),
      port: v.nullable(v.number()),
      latency_ms: v.nullable(v.number()),
      /** `circuit_open`, or what its health check says. */
      reason: v.nullable(v.string()),
    }),
  }),
  windows: v.object({
    policy: Mode,
    active_count: v.picklist([0, 1]),
    window_id: v.nullable(v.string()),
    services: v.array(v.string()),
  }),
  ...answer,
})
export type OperatorStatus = v.InferOutput<typeof OperatorStatus>

const words = 'Expected a whole number that a double can hold, in digits'
const digits = v.pipe(
  v.string(),
  v.regex(/^\d{1,16}$/, words),
  v.transform(Number),
  v.maxValue(Number.MAX_SAFE_INTEGER, words),
)
export const SnapshotQuery = v.object({ t: v.optional(digits, '0') })

const ModuleWord = v.picklist(['UP', 'DOWN', 'OFF_BY_POLICY', 'DORMANT', 'ARCHIVED'])
const Snap = v.object({ word: ModuleWord, reason: v.nullable(v.string()) })

export const Snapshot = v.object({
  /** The caller's `t`, to distinguish answers; without one the moment of measuring in epoch milliseconds. */
  timestamp: v.number(),
  measured_at: v.string(),
  ...verdict,
  state: v.intersect([
    v.object({
      madre: v.object({ ...Snap.entries, status: v.picklist(['active', 'offline']) }),
      switch: v.object({ ...Snap.entries, routing: v.picklist(['active', 'offline', 'off_by_policy', 'dormant']) }),
      /** Null when hormiguero should not run: then nothing is known of its queen. */
      hormiguero: v.object({ ...Snap.entries, queen_alive: v.nullable(v.boolean()) }),
    }),
    v.record(v.string(), v.looseObject(Snap.entries)),
  ]),
  mode: Mode,
  window: v.object({
    window_id: v.nullable(v.string()),
    deadline: v.nullable(v.string()),
    services: v.array(v.string()),
  }),
  correlation_id: v.string(),
})
export type Snapshot = v.InferOutput<typeof Snapshot>

const Observed = v.object({
  status: v.picklist(['ok', 'service_offline', 'off_by_policy', 'dormant']),
  module: v.string(),
  reason: v.nullable(v.string()),
  /** Null where nothing was measured. */
  latency_ms: v.nullable(v.number()),
  timestamp: v.string(),
})
export type Observed = v.InferOutput<typeof Observed>

const Trace = v.object({
  trace_id: v.string(),
  provider_id: v.string(),
  /** Null when `cli_providers` has no row of that id. */
  provider_name: v.nullable(v.string()),
  route_type: v.string(),
  timestamp: v.nullable(v.string()),
})

export const Observation = v.object({
  ok: v.boolean(),
  request_id: v.string(),
  route_taken: v.literal('GET /operator/observe'),
  ...verdict,
  data: v.object({
    services: v.record(v.string(), Observed),
    timestamp: v.string(),
    /** The newest routing decision; null without one, or when the database does not answer. */
    trace: v.nullable(Trace),
    providers: v.array(
      v.object({
        name: v.string(),
        enabled: v.nullable(v.boolean()),
        task_types: v.nullable(v.string()),
        tokens_used_today: v.nullable(v.number()),
        daily_limit_tokens: v.nullable(v.number()),
      }),
    ),
  }),
  provider_used: v.optional(v.string()),
  errors: v.array(v.string()),
  correlation_id: v.string(),
})
export type Observation = v.InferOutput<typeof Observation>

export const CapabilitiesReport = v.object({
  ok: v.boolean(),
  data: v.object({
    correlation_id: v.string(),
    operational_mode: Mode,
    ...verdict,
    features: v.record(v.string(), Capability),
    dormant_services: v.array(
      v.object({
        name: v.string(),
        port: v.number(),
        status: v.picklist(['dormant', 'archived', 'off_by_policy']),
        reason: v.string(),
        activation: v.nullable(v.string()),
      }),
    ),
  }),
  timestamp: v.string(),
})
export type CapabilitiesReport = v.InferOutput<typeof CapabilitiesReport>
