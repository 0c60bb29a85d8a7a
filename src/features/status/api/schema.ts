/** What the status routes of the operator API give: the union that both consoles read (contract shared/shapes). */
import * as v from 'valibot'
import { ConfigurationView } from '../../../modules/configuration/view.ts'
import { Activity } from '../../../upstream/layers/activity.ts'
import { Capability } from '../capabilities.ts'
import { Mode, verdict } from '../schema.ts'

const Text = v.nullable(v.string())
const Count = v.nullable(v.number())

const answer = { correlation_id: v.string(), timestamp: v.string() }

/** As consoles colour a window: HEAD's backend and v7's tests compare these two. */
const WindowPolicy = v.picklist(['solo_madre', 'window_active'])

const Word = v.picklist(['UP', 'DOWN', 'OFF_BY_POLICY', 'DORMANT', 'ARCHIVED'])

const Service = v.object({
  status: Word,
  up: v.boolean(),
  reason: Text,
  hint: Text,
  /** The command that starts it; null where none does. */
  activation: Text,
  port: Count,
  latency_ms: Count,
})

export const Module = v.object({
  name: v.string(),
  ...Service.entries,
  category: v.picklist(['core', 'optional', 'archived']),
  role: v.string(),
  /** Null for a module that should not run. */
  health: v.nullable(v.picklist(['healthy', 'unhealthy'])),
  version: Text,
  checked_at: Text,
})
export type Module = v.InferOutput<typeof Module>

export const Modules = v.object({
  modules: v.record(v.string(), Module),
  /** The same, for consoles that walk a list. */
  modules_list: v.array(Module),
  policy: WindowPolicy,
  ...verdict,
  ...answer,
})
export type Modules = v.InferOutput<typeof Modules>

export const OneModule = v.object({ ...Module.entries, module: Module, ...answer })

const Daughter = v.object({
  id: v.number(),
  name: v.string(),
  status: Text,
  spawn_uuid: Text,
  started_at: Text,
  last_heartbeat_at: Text,
})

const RecentEvent = v.object({
  event_id: v.string(),
  type: Text,
  severity: Text,
  module: Text,
  summary: Text,
  /** The summary under the name that HEAD's console reads. */
  message: Text,
  correlation_id: Text,
  timestamp: Text,
})

export const DbHealth = v.object({
  status: v.picklist(['ok', 'unavailable']),
  latency_ms: v.number(),
  /** MiB, free pages included. */
  size_mb: Count,
  tables: Count,
  /** As the background count left them. */
  rows_total: Count,
  rows_counted_at: Text,
  /** What the last maintenance run found. */
  integrity: Text,
  integrity_checked_at: Text,
  foreign_key_violations: Count,
  last_backup: Text,
  /** Why something above is null, by its name. */
  unmeasured: v.record(v.string(), v.string()),
})
export type DbHealth = v.InferOutput<typeof DbHealth>

export const OperatorApiStatus = v.object({
  ...verdict,
  ok: v.boolean(),
  policy: WindowPolicy,
  mode: Mode,
  core_services: v.record(v.string(), Service),
  optional_services: v.record(v.string(), Service),
  /** By name, what is up. */
  active_modules: v.array(v.string()),
  off_by_policy: v.array(v.string()),
  /** Null for what is not configured. */
  components: v.record(v.string(), v.nullable(v.boolean())),
  /** The worst of all circuits; each of them: GET /vx11/circuit-breaker/status. */
  circuit_breaker: v.object({
    state: v.picklist(['closed', 'half_open', 'open']),
    failure_count: v.number(),
    last_failure: Count,
    upstream: Text,
  }),
  window: v.object({
    mode: WindowPolicy,
    /** `opening` and `closing` while madre works on it for this gateway. */
    state: v.picklist(['none', 'opening', 'open', 'closing']),
    services: v.array(v.string()),
    window_id: Text,
    deadline: Text,
    ttl_seconds: Count,
    /** Who uses the services of the window now. */
    activity: v.record(v.string(), Activity),
  }),
  limiter: v.object({
    enabled: v.boolean(),
    /** Limits count and report, and refuse nothing. */
    shadow: v.boolean(),
    store: v.picklist(['memory', 'redis', 'durable_object']),
    /** `OFF`: nothing is limited. */
    status: v.picklist(['UP', 'DOWN', 'OFF']),
    latency_ms: Count,
    reason: Text,
    /** What happens to requests while its store is down. */
    when_down: v.object({
      reads: v.literal('local'),
      changes: v.literal('local'),
      admin_changes: v.literal('refused'),
    }),
  }),
  /** What this instance was configured with, and when. */
  configuration: ConfigurationView,
  /** Workers of spawner that live, by its own table. */
  daughters: v.array(Daughter),
  recent_events: v.array(RecentEvent),
  /** The reasons, and what could not be read. */
  errors: v.array(v.string()),
  data: v.object({
    correlation_id: v.string(),
    system_state: v.object({ operational_mode: Mode, policy_active: v.string(), degraded: v.boolean() }),
    services: v.array(
      v.object({
        name: v.string(),
        status: v.picklist(['up', 'down', 'off_by_policy', 'dormant', 'archived']),
        port: Count,
        role: v.string(),
        /** It runs without a window. */
        enabled_by_default: v.boolean(),
        health_check_ms: Count,
      }),
    ),
    features: v.record(v.string(), Capability),
    db_health: DbHealth,
    dormant_services: v.array(
      v.object({
        name: v.string(),
        port: v.number(),
        status: v.picklist(['dormant', 'archived']),
        activation: Text,
      }),
    ),
  }),
  ...answer,
})
export type OperatorApiStatus = v.InferOutput<typeof OperatorApiStatus>

export const ApiHealth = v.object({
  ...verdict,
  module: v.literal('tentaculo_link'),
  version: v.string(),
  /** Null for what is not configured. */
  services: v.record(v.string(), v.nullable(v.boolean())),
  latencies_ms: v.record(v.string(), Count),
  ...answer,
})
export type ApiHealth = v.InferOutput<typeof ApiHealth>

export const Topology = v.object({
  policy: WindowPolicy,
  mode: Mode,
  graph: v.object({
    nodes: v.array(
      v.object({
        id: v.string(),
        label: v.string(),
        status: Word,
        port: Count,
        type: v.picklist(['core', 'optional', 'archived']),
        reason: Text,
        latency_ms: Count,
      }),
    ),
    /** Only what is configured is reached. */
    edges: v.array(
      v.object({
        from: v.string(),
        to: v.string(),
        label: v.string(),
        transport: v.picklist(['http', 'binding', 'embedded', 'database', 'redis']),
      }),
    ),
  }),
  policy_note: v.string(),
  ...verdict,
  ...answer,
})
export type Topology = v.InferOutput<typeof Topology>

export const CoreHealth = v.object({
  ...verdict,
  services: v.record(
    v.string(),
    v.object({
      status: v.picklist(['healthy', 'unhealthy', 'off_by_policy', 'dormant']),
      reason: Text,
      latency_ms: Count,
    }),
  ),
  ...answer,
})
export type CoreHealth = v.InferOutput<typeof CoreHealth>
