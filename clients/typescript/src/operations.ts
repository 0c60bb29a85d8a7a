/** The gateway's operations. Written by `npm run clients` from its OpenAPI document; not edited by hand. */

export type Problem = {
  type: string
  title: string
  detail: string | ({
    loc: (string | number)[]
    msg: string
    type: string
  })[]
  error: string
  status_code: number
  correlation_id: string
  trace_id?: string
  retry_after?: number
  status?: "OFF_BY_POLICY" | "error" | "ERROR" | "rejected" | "service_offline"
  available_endpoints?: string[]
  message_length?: number
  session_id?: string | null
  error_code?: string
  error_msg?: string
  upstream_reason?: string
  request_id?: string
  purpose?: string | null
  elapsed_ms?: number | null
  policy?: string
  service?: string
  reason?: string
  message?: string
  hint?: string
  recommended_action?: string
  retry_after_ms?: null
  timestamp?: string
  mode?: "FALLBACK"
  provider?: null
  response?: { [name: string]: string }
  degraded?: boolean
}

export type GetHealthAnswer = {
  status: "ok"
  module: "tentaculo_link"
  version: string
}

export type GetLivenessAnswer = {
  status: "alive"
  version: string
  commit: string | null
}

export type GetReadinessAnswer = {
  status: "ready" | "degraded" | "not_ready" | "draining"
  checks: { [name: string]: {
      ok: boolean
      latency_ms: number
      reason: string | null
    } }
}

export type GetVx11StatusAnswer = {
  ok: boolean
  status: "ok" | "degraded"
  degraded: boolean
  reasons: string[]
  module: "tentaculo_link"
  version: string
  timestamp: string
  ports: { [name: string]: number }
  modules: { [name: string]: {
      module: string
      status: "ok" | "service_offline" | "off_by_policy" | "dormant"
      up: boolean
      version: string | null
      latency_ms: number | null
      checked_at: string | null
      reason: string | null
      reported: { [name: string]: unknown } | null
    } }
  summary: {
    healthy_modules: number
    total_modules: number
    all_healthy: boolean
  }
  mode: "solo_madre" | "windowed" | "full"
  policy: string
  madre_available: boolean
  switch_available: boolean
  spawner_available: boolean
  correlation_id: string
}

export type GetVx11OverviewAnswer = {
  status: "ok" | "degraded"
  degraded: boolean
  reasons: string[]
  gateway: "tentaculo_link"
  version: string
  modules_health: { [name: string]: {
      module: string
      status: "ok" | "service_offline" | "off_by_policy" | "dormant"
      up: boolean
      version: string | null
      latency_ms: number | null
      checked_at: string | null
      reason: string | null
      reported: { [name: string]: unknown } | null
    } }
  summary: {
    total_modules: number
    healthy: number
    unhealthy: number
  }
  correlation_id: string
}

export type GetSwitchStatusAnswer = {
  status: "healthy" | "degraded" | "off_by_policy" | "dormant"
  module: "switch"
  version: string | null
  routing_mode: "active" | "offline" | "off_by_policy" | "dormant"
  circuit_breaker: "closed" | "open" | "half_open" | null
  in_flight: number | null
  latency_ms: number | null
  checked_at: string | null
  reason: string | null
  timestamp: string
  correlation_id: string
}

export type GetOperatorStatusAnswer = {
  status: "ok" | "degraded"
  degraded: boolean
  reasons: string[]
  components: {
    tentaculo_link: {
      status: "ok" | "unreachable" | "not_configured"
      port: number | null
      latency_ms: number | null
      error?: string
    }
    madre: {
      status: "ok" | "unreachable" | "not_configured"
      port: number | null
      latency_ms: number | null
      error?: string
    }
    redis: {
      status: "ok" | "unreachable" | "not_configured"
      port: number | null
      latency_ms: number | null
      error?: string
    }
    database: {
      status: "ok" | "unreachable" | "not_configured"
      port: number | null
      latency_ms: number | null
      error?: string
    }
    switch: {
      status: "available" | "offline" | "off_by_policy" | "not_configured"
      port: number | null
      latency_ms: number | null
      reason: string | null
    }
  }
  windows: {
    policy: "solo_madre" | "windowed" | "full"
    active_count: 0 | 1
    window_id: string | null
    services: string[]
  }
  correlation_id: string
  timestamp: string
}

export type GetSnapshotAnswer = {
  timestamp: number
  measured_at: string
  status: "ok" | "degraded"
  degraded: boolean
  reasons: string[]
  state: ({
    madre: {
      word: "UP" | "DOWN" | "OFF_BY_POLICY" | "DORMANT" | "ARCHIVED"
      reason: string | null
      status: "active" | "offline"
    }
    switch: {
      word: "UP" | "DOWN" | "OFF_BY_POLICY" | "DORMANT" | "ARCHIVED"
      reason: string | null
      routing: "active" | "offline" | "off_by_policy" | "dormant"
    }
    hormiguero: {
      word: "UP" | "DOWN" | "OFF_BY_POLICY" | "DORMANT" | "ARCHIVED"
      reason: string | null
      queen_alive: boolean | null
    }
  }) & ({ [name: string]: {
      word: "UP" | "DOWN" | "OFF_BY_POLICY" | "DORMANT" | "ARCHIVED"
      reason: string | null
    } })
  mode: "solo_madre" | "windowed" | "full"
  window: {
    window_id: string | null
    deadline: string | null
    services: string[]
  }
  correlation_id: string
}

export type GetObservationAnswer = {
  ok: boolean
  request_id: string
  route_taken: "GET /operator/observe"
  status: "ok" | "degraded"
  degraded: boolean
  reasons: string[]
  data: {
    services: { [name: string]: {
        status: "ok" | "service_offline" | "off_by_policy" | "dormant"
        module: string
        reason: string | null
        latency_ms: number | null
        timestamp: string
      } }
    timestamp: string
    trace: {
      trace_id: string
      provider_id: string
      provider_name: string | null
      route_type: string
      timestamp: string | null
    } | null
    providers: ({
      name: string
      enabled: boolean | null
      task_types: string | null
      tokens_used_today: number | null
      daily_limit_tokens: number | null
    })[]
  }
  provider_used?: string
  errors: string[]
  correlation_id: string
}

export type GetCapabilitiesAnswer = {
  ok: boolean
  data: {
    correlation_id: string
    operational_mode: "solo_madre" | "windowed" | "full"
    status: "ok" | "degraded"
    degraded: boolean
    reasons: string[]
    features: { [name: string]: {
        status: "on" | "off" | "dormant"
        degraded: boolean
        reason: string | null
        provider?: string | null
        requires_flag?: string
      } }
    dormant_services: ({
      name: string
      port: number
      status: "dormant" | "archived" | "off_by_policy"
      reason: string
      activation: string | null
    })[]
  }
  timestamp: string
}

export type GetOperatorApiStatusAnswer = {
  status: "ok" | "degraded"
  degraded: boolean
  reasons: string[]
  ok: boolean
  policy: "solo_madre" | "window_active"
  mode: "solo_madre" | "windowed" | "full"
  core_services: { [name: string]: {
      status: "UP" | "DOWN" | "OFF_BY_POLICY" | "DORMANT" | "ARCHIVED"
      up: boolean
      reason: string | null
      hint: string | null
      activation: string | null
      port: number | null
      latency_ms: number | null
    } }
  optional_services: { [name: string]: {
      status: "UP" | "DOWN" | "OFF_BY_POLICY" | "DORMANT" | "ARCHIVED"
      up: boolean
      reason: string | null
      hint: string | null
      activation: string | null
      port: number | null
      latency_ms: number | null
    } }
  active_modules: string[]
  off_by_policy: string[]
  components: { [name: string]: boolean | null }
  circuit_breaker: {
    state: "closed" | "half_open" | "open"
    failure_count: number
    last_failure: number | null
    upstream: string | null
  }
  window: {
    mode: "solo_madre" | "window_active"
    state: "none" | "opening" | "open" | "closing"
    services: string[]
    window_id: string | null
    deadline: string | null
    ttl_seconds: number | null
    activity: { [name: string]: {
        requests: number
        streams: number | null
        sockets: number
        last_activity: string | null
      } }
  }
  limiter: {
    enabled: boolean
    shadow: boolean
    store: "memory" | "redis" | "durable_object"
    status: "UP" | "DOWN" | "OFF"
    latency_ms: number | null
    reason: string | null
    when_down: {
      reads: "local"
      changes: "local"
      admin_changes: "refused"
    }
  }
  configuration: {
    hash: string
    loaded_at: string
    last_reload: {
      at: string
      outcome: "applied" | "unchanged" | "refused"
      problem: string | null
    } | null
  }
  daughters: ({
    id: number
    name: string
    status: string | null
    spawn_uuid: string | null
    started_at: string | null
    last_heartbeat_at: string | null
  })[]
  recent_events: ({
    event_id: string
    type: string | null
    severity: string | null
    module: string | null
    summary: string | null
    message: string | null
    correlation_id: string | null
    timestamp: string | null
  })[]
  errors: string[]
  data: {
    correlation_id: string
    system_state: {
      operational_mode: "solo_madre" | "windowed" | "full"
      policy_active: string
      degraded: boolean
    }
    services: ({
      name: string
      status: "up" | "down" | "off_by_policy" | "dormant" | "archived"
      port: number | null
      role: string
      enabled_by_default: boolean
      health_check_ms: number | null
    })[]
    features: { [name: string]: {
        status: "on" | "off" | "dormant"
        degraded: boolean
        reason: string | null
        provider?: string | null
        requires_flag?: string
      } }
    db_health: {
      status: "ok" | "unavailable"
      latency_ms: number
      size_mb: number | null
      tables: number | null
      rows_total: number | null
      rows_counted_at: string | null
      integrity: string | null
      integrity_checked_at: string | null
      foreign_key_violations: number | null
      last_backup: string | null
      unmeasured: { [name: string]: string }
    }
    dormant_services: ({
      name: string
      port: number
      status: "dormant" | "archived"
      activation: string | null
    })[]
  }
  correlation_id: string
  timestamp: string
}

export type ListModulesAnswer = {
  modules: { [name: string]: {
      name: string
      status: "UP" | "DOWN" | "OFF_BY_POLICY" | "DORMANT" | "ARCHIVED"
      up: boolean
      reason: string | null
      hint: string | null
      activation: string | null
      port: number | null
      latency_ms: number | null
      category: "core" | "optional" | "archived"
      role: string
      health: "healthy" | "unhealthy" | null
      version: string | null
      checked_at: string | null
    } }
  modules_list: ({
    name: string
    status: "UP" | "DOWN" | "OFF_BY_POLICY" | "DORMANT" | "ARCHIVED"
    up: boolean
    reason: string | null
    hint: string | null
    activation: string | null
    port: number | null
    latency_ms: number | null
    category: "core" | "optional" | "archived"
    role: string
    health: "healthy" | "unhealthy" | null
    version: string | null
    checked_at: string | null
  })[]
  policy: "solo_madre" | "window_active"
  status: "ok" | "degraded"
  degraded: boolean
  reasons: string[]
  correlation_id: string
  timestamp: string
}

export type GetModuleAnswer = {
  name: string
  status: "UP" | "DOWN" | "OFF_BY_POLICY" | "DORMANT" | "ARCHIVED"
  up: boolean
  reason: string | null
  hint: string | null
  activation: string | null
  port: number | null
  latency_ms: number | null
  category: "core" | "optional" | "archived"
  role: string
  health: "healthy" | "unhealthy" | null
  version: string | null
  checked_at: string | null
  module: {
    name: string
    status: "UP" | "DOWN" | "OFF_BY_POLICY" | "DORMANT" | "ARCHIVED"
    up: boolean
    reason: string | null
    hint: string | null
    activation: string | null
    port: number | null
    latency_ms: number | null
    category: "core" | "optional" | "archived"
    role: string
    health: "healthy" | "unhealthy" | null
    version: string | null
    checked_at: string | null
  }
  correlation_id: string
  timestamp: string
}

export type GetOperatorApiHealthAnswer = {
  status: "ok" | "degraded"
  degraded: boolean
  reasons: string[]
  module: "tentaculo_link"
  version: string
  services: { [name: string]: boolean | null }
  latencies_ms: { [name: string]: number | null }
  correlation_id: string
  timestamp: string
}

export type GetTopologyAnswer = {
  policy: "solo_madre" | "window_active"
  mode: "solo_madre" | "windowed" | "full"
  graph: {
    nodes: ({
      id: string
      label: string
      status: "UP" | "DOWN" | "OFF_BY_POLICY" | "DORMANT" | "ARCHIVED"
      port: number | null
      type: "core" | "optional" | "archived"
      reason: string | null
      latency_ms: number | null
    })[]
    edges: ({
      from: string
      to: string
      label: string
      transport: "http" | "binding" | "embedded" | "database" | "redis"
    })[]
  }
  policy_note: string
  status: "ok" | "degraded"
  degraded: boolean
  reasons: string[]
  correlation_id: string
  timestamp: string
}

export type GetCoreHealthAnswer = {
  status: "ok" | "degraded"
  degraded: boolean
  reasons: string[]
  services: { [name: string]: {
      status: "healthy" | "unhealthy" | "off_by_policy" | "dormant"
      reason: string | null
      latency_ms: number | null
    } }
  correlation_id: string
  timestamp: string
}

export type GetDatabaseSummaryAnswer = {
  counts: {
    spawns: number | null
    tasks: number | null
    routing_events: number | null
    cli_providers: number | null
    cli_usage_stats: number | null
    daughters: number | null
    daughter_tasks: number | null
    daughter_attempts: number | null
  }
  counted_at: { [name: string]: string }
  last_spawns: ({
    uuid: string
    status: string | null
    created_at: string | null
  })[]
  last_routing_events: ({
    trace_id: string
    route_type: string
    provider_id: string
    score: number | null
    created_at: string | null
  })[]
  database: {
    size_bytes: number | null
    tables: number | null
    rows: number | null
    rows_counted_at: string | null
    integrity: string | null
    integrity_checked_at: string | null
    unmeasured: { [name: string]: string }
    measured_at: string
  }
  correlation_id: string
}

export type GetCircuitBreakersAnswer = {
  status: "ok"
  breakers: { [name: string]: {
      state: "closed" | "open" | "half_open"
      failure_count: number
      last_failure: number | null
      opened_until: number | null
      cause: {
        code: string
        complaint: string
        at: number
      } | null
      in_flight: number
      max_in_flight: number
      retry_budget: {
        requests: number
        retries: number
        remaining: number
      }
      addresses?: ({
        url: string
        weight: number
        state: "closed" | "open" | "half_open"
        failure_count: number
        last_failure: number | null
        opened_until: number | null
        cause: {
          code: string
          complaint: string
          at: number
        } | null
        in_flight: number
        sockets: number
        health: {
          up: boolean
          reason: string | null
          latency_ms: number | null
          checked_at: number
        } | null
        tries: {
          success: number
          failure: number
          unknown: number
        }
        ejections: number
      })[]
      last_resorts?: number
      hedges?: {
        after_ms: number | null
        sent: number
        won: number
        refused: number
      }
    } }
  timestamp: number
}

export type GetHermesHealthAnswer = {
  status: "ok" | "unhealthy" | "unreachable" | "dormant"
  module: "hermes"
  version: string | null
  latency_ms: number | null
  checked_at: string | null
  reason: string | null
  correlation_id: string
}

export type GetHermesCatalogAnswer = {
  cli_providers: ({
    name: string
    base_url: string | null
    task_types: string[]
    enabled: boolean | null
    daily_limit_tokens: number | null
    monthly_limit_tokens: number | null
    tokens_used_today: number | null
    tokens_used_month: number | null
    updated_at: string | null
  })[]
  models: ({
    name: string
    size_mb: number | null
    category: string | null
    status: string | null
    compatibility: string | null
    downloaded_at: string | null
    updated_at: string | null
  })[]
  degraded: boolean
  error?: "database_unavailable"
  correlation_id: string
}

export type DiscoverAtHermesBody = {
  apply?: boolean
  allow_web?: boolean
  allow_download?: boolean
}

export type DiscoverAtHermesAnswer = { [name: string]: unknown }

export type PullModelBody = DiscoverAtHermesAnswer

export type PullModelAnswer = DiscoverAtHermesAnswer

export type SendIntentBody = {
  intent_type?: "chat" | "plan" | "exec" | "execute" | "spawn"
  text?: string | null
  payload?: { [name: string]: unknown }
  require?: {
    switch?: boolean
    spawner?: boolean
  }
  priority?: "P0" | "P1" | "P2" | "high" | "medium" | "normal" | "low"
  correlation_id?: string | null
  user_id?: string
  metadata?: { [name: string]: unknown } | null
}

export type SendIntentAnswer = {
  correlation_id: string
  status: "QUEUED" | "RUNNING" | "WAITING" | "DONE" | "ERROR"
  mode: string
  provider: string | null
  response: unknown
  error: string | null
  degraded: boolean
  timestamp: string
}

export type GetResultAnswer = {
  spawn_uuid: string
  spawn_id: string
  status: "QUEUED" | "RUNNING" | "WAITING" | "DONE" | "ERROR" | "UNKNOWN"
  task_type: null
  exit_code: number | null
  stdout: string | null
  stderr: string | null
  created_at: string | null
  started_at: string | null
  finished_at: string | null
  correlation_id: string
} | {
  correlation_id: string
  status: "QUEUED" | "RUNNING" | "WAITING" | "DONE" | "ERROR"
  result: unknown
  error: string | null
  mode: string
  provider: string | null
  timestamp: string
}

export type GetAgentsAnswer = {
  agents: ({
    id: number
    spawn_uuid: string | null
    name: string
    purpose: string | null
    status: string | null
    started_at: string | null
    last_heartbeat_at: string | null
    ttl_seconds: number | null
    mutation_level: number | null
  })[]
  total: number
  next: string | null
  window_open: boolean
  spawner_available: boolean
  degraded: boolean
  error?: "database_unavailable"
  correlation_id: string
  timestamp: string
}

export type SpawnBody = {
  task_type: string
  code: string
  name?: string | null
  task_name?: string | null
  max_retries?: number
  ttl_seconds?: number
  user_id?: string | null
  metadata?: { [name: string]: unknown } | null
  correlation_id?: string | null
}

export type SpawnAnswer = {
  spawn_id: string
  spawn_uuid: string
  status: "QUEUED"
  task_type: string
  error: null
  created_at: string
  correlation_id: string
}

export type OpenCoreWindowBody = {
  target: string
  ttl_seconds?: number
  reason?: string
}

export type OpenCoreWindowAnswer = {
  status: "none" | "opening" | "open" | "closing" | "error"
  mode: "solo_madre" | "window_active"
  policy: "solo_madre" | "windowed" | "full"
  window_id: string | null
  created_at: string | null
  deadline: string | null
  ttl_remaining_sec: number | null
  ttl_seconds: number | null
  active_services: string[]
  services: string[]
  renewal: {
    ttl_seconds: number
    until: string
  } | null
  activity: { [name: string]: {
      requests: number
      streams: number | null
      sockets: number
      last_activity: string | null
    } }
  change: {
    state: "opening" | "closing" | "working"
    services: string[] | null
    reason: string | null
  } | null
  degraded: boolean
  health: "ok" | "degraded"
  madre_status: "UP" | "DOWN" | "DORMANT"
  redis_status: "UP" | "DOWN" | "DORMANT"
  tentaculo_status: "UP"
  reason: string | null
  correlation_id: string
  state: "open" | "closed"
  services_started: string[]
  services_stopped: string[]
  closed_at: string | null
  ready?: { [name: string]: boolean | null }
  target: string
  is_open: boolean
  ttl_remaining_seconds: number | null
  opened_at: string | null
  expires_at: string | null
}

export type CloseCoreWindowBody = {
  target: string
}

export type CloseCoreWindowAnswer = {
  status: "none" | "opening" | "open" | "closing" | "error"
  mode: "solo_madre" | "window_active"
  policy: "solo_madre" | "windowed" | "full"
  window_id: string | null
  created_at: string | null
  deadline: string | null
  ttl_remaining_sec: number | null
  ttl_seconds: number | null
  active_services: string[]
  services: string[]
  renewal: {
    ttl_seconds: number
    until: string
  } | null
  activity: { [name: string]: {
      requests: number
      streams: number | null
      sockets: number
      last_activity: string | null
    } }
  change: {
    state: "opening" | "closing" | "working"
    services: string[] | null
    reason: string | null
  } | null
  degraded: boolean
  health: "ok" | "degraded"
  madre_status: "UP" | "DOWN" | "DORMANT"
  redis_status: "UP" | "DOWN" | "DORMANT"
  tentaculo_status: "UP"
  reason: string | null
  correlation_id: string
  state: "open" | "closed"
  services_started: string[]
  services_stopped: string[]
  closed_at: string | null
  ready?: { [name: string]: boolean | null }
  target: string
  closed: true
  was_open: true
}

export type GetCoreWindowStatusAnswer = {
  status: "none" | "opening" | "open" | "closing" | "error"
  mode: "solo_madre" | "window_active"
  policy: "solo_madre" | "windowed" | "full"
  window_id: string | null
  created_at: string | null
  deadline: string | null
  ttl_remaining_sec: number | null
  ttl_seconds: number | null
  active_services: string[]
  services: string[]
  renewal: {
    ttl_seconds: number
    until: string
  } | null
  activity: { [name: string]: {
      requests: number
      streams: number | null
      sockets: number
      last_activity: string | null
    } }
  change: {
    state: "opening" | "closing" | "working"
    services: string[] | null
    reason: string | null
  } | null
  degraded: boolean
  health: "ok" | "degraded"
  madre_status: "UP" | "DOWN" | "DORMANT"
  redis_status: "UP" | "DOWN" | "DORMANT"
  tentaculo_status: "UP"
  reason: string | null
  correlation_id: string
  target: string
  is_open: boolean
  ttl_remaining_seconds: number | null
  opened_at: string | null
  expires_at: string | null
}

export type GetWhoAmIAnswer = {
  name: string
  scopes: ("operator" | "shub" | "ingest" | "admin" | "wake")[]
  control: boolean
  correlation_id: string
}

export type ListKeysAnswer = {
  keys: ({
    id: string
    name: string
    prefix: string
    state: "active" | "expired" | "revoked"
    principal: string
    scopes: ("operator" | "shub" | "ingest" | "admin" | "wake")[]
    limits: { [name: string]: number } | null
    expires_at: string | null
    note: string | null
    created_at: string
    created_by: string
    last_used_at: string | null
    rerolled_at: string | null
    overlap_until: string | null
    revoked_at: string | null
    revoked_by: string | null
  })[]
  total: number
  next: string | null
  correlation_id: string
}

export type CreateKeyBody = {
  name: string
  scopes: ("operator" | "shub" | "ingest" | "admin" | "wake")[]
  limits?: {
    user?: number
    protected?: number
    chat?: number
    chat_principal?: number
  } | null
  expires_at?: string | number | null
  note?: string | null
}

export type CreateKeyAnswer = {
  id: string
  name: string
  prefix: string
  state: "active" | "expired" | "revoked"
  principal: string
  scopes: ("operator" | "shub" | "ingest" | "admin" | "wake")[]
  limits: { [name: string]: number } | null
  expires_at: string | null
  note: string | null
  created_at: string
  created_by: string
  last_used_at: string | null
  rerolled_at: string | null
  overlap_until: string | null
  revoked_at: string | null
  revoked_by: string | null
  key: string | null
  correlation_id: string
}

export type GetKeyAnswer = {
  id: string
  name: string
  prefix: string
  state: "active" | "expired" | "revoked"
  principal: string
  scopes: ("operator" | "shub" | "ingest" | "admin" | "wake")[]
  limits: { [name: string]: number } | null
  expires_at: string | null
  note: string | null
  created_at: string
  created_by: string
  last_used_at: string | null
  rerolled_at: string | null
  overlap_until: string | null
  revoked_at: string | null
  revoked_by: string | null
}

export type RevokeKeyAnswer = GetKeyAnswer

export type UpdateKeyBody = {
  name?: string
  scopes?: ("operator" | "shub" | "ingest" | "admin" | "wake")[]
  limits?: {
    user?: number
    protected?: number
    chat?: number
    chat_principal?: number
  } | null
  expires_at?: string | number | null
  note?: string | null
}

export type UpdateKeyAnswer = GetKeyAnswer

export type RerollKeyBody = {
  overlap_seconds?: number
}

export type RerollKeyAnswer = CreateKeyAnswer

export type ReloadConfigurationAnswer = {
  status: "applied" | "unchanged"
  changed: string[]
  needs_restart: string[]
  hash: string
  loaded_at: string
  last_reload: {
    at: string
    outcome: "applied" | "unchanged" | "refused"
    problem: string | null
  } | null
  correlation_id: string
}

export type ListWebhooksAnswer = {
  webhooks: ({
    name: string
    preset: "json" | "slack" | "ntfy"
    address: string
    signed: boolean
    events: string[] | null
    min_severity: "info" | "warn" | "critical"
    state: "ok" | "failing" | "dead"
    position: number | null
    backlog: {
      messages: number
      events: number
      oldest_at: string | null
    }
    open: string[]
    last_delivery: {
      at: string
      webhook_id: string
      type: string
      status: number
    } | null
    last_error: {
      at: string
      webhook_id: string
      reason: string
    } | null
    failures: number
    next_try_at: string | null
    delivered: number
    given_up: number
  })[]
  correlation_id: string
}

export type TestWebhookAnswer = {
  status: "delivered"
  name: string
  webhook_id: string
  http_status: number | null
  duration_ms: number
  correlation_id: string
}

export type GetApiWindowStatusAnswer = {
  status: "none" | "opening" | "open" | "closing" | "error"
  mode: "solo_madre" | "window_active"
  policy: "solo_madre" | "windowed" | "full"
  window_id: string | null
  created_at: string | null
  deadline: string | null
  ttl_remaining_sec: number | null
  ttl_seconds: number | null
  active_services: string[]
  services: string[]
  renewal: {
    ttl_seconds: number
    until: string
  } | null
  activity: { [name: string]: {
      requests: number
      streams: number | null
      sockets: number
      last_activity: string | null
    } }
  change: {
    state: "opening" | "closing" | "working"
    services: string[] | null
    reason: string | null
  } | null
  degraded: boolean
  health: "ok" | "degraded"
  madre_status: "UP" | "DOWN" | "DORMANT"
  redis_status: "UP" | "DOWN" | "DORMANT"
  tentaculo_status: "UP"
  reason: string | null
  correlation_id: string
  wake_enabled: boolean
  woken: {
    window_id: string
    by: "request" | "schedule"
    name: string
    services: string[]
    at: string
    idle_seconds: number | null
  } | null
  schedules: ({
    name: string
    cron: string
    timezone: string
    services: string[]
    ttl_seconds: number
    next_at: string | null
    last: {
      due_at: string
      outcome: "opened" | "joined" | "failed"
      window_id: string | null
      reason: string | null
    } | null
  })[]
}

export type OpenApiWindowBody = {
  services: unknown[]
  ttl_seconds?: number | null
  ttl_sec?: number | null
  mode?: "ttl" | "hold"
  reason?: string
}

export type OpenApiWindowAnswer = {
  status: "none" | "opening" | "open" | "closing" | "error"
  mode: "solo_madre" | "window_active"
  policy: "solo_madre" | "windowed" | "full"
  window_id: string | null
  created_at: string | null
  deadline: string | null
  ttl_remaining_sec: number | null
  ttl_seconds: number | null
  active_services: string[]
  services: string[]
  renewal: {
    ttl_seconds: number
    until: string
  } | null
  activity: { [name: string]: {
      requests: number
      streams: number | null
      sockets: number
      last_activity: string | null
    } }
  change: {
    state: "opening" | "closing" | "working"
    services: string[] | null
    reason: string | null
  } | null
  degraded: boolean
  health: "ok" | "degraded"
  madre_status: "UP" | "DOWN" | "DORMANT"
  redis_status: "UP" | "DOWN" | "DORMANT"
  tentaculo_status: "UP"
  reason: string | null
  correlation_id: string
  state: "open" | "closed"
  services_started: string[]
  services_stopped: string[]
  closed_at: string | null
  ready?: { [name: string]: boolean | null }
} | {
  status: "pending"
  state: "opening" | "open"
  window_id: string | null
  ready: { [name: string]: boolean | null }
  status_url: string
  correlation_id: string
}

export type ExtendApiWindowBody = {
  ttl_seconds?: number
  ttl_sec?: number
}

export type ExtendApiWindowAnswer = {
  status: "none" | "opening" | "open" | "closing" | "error"
  mode: "solo_madre" | "window_active"
  policy: "solo_madre" | "windowed" | "full"
  window_id: string | null
  created_at: string | null
  deadline: string | null
  ttl_remaining_sec: number | null
  ttl_seconds: number | null
  active_services: string[]
  services: string[]
  renewal: {
    ttl_seconds: number
    until: string
  } | null
  activity: { [name: string]: {
      requests: number
      streams: number | null
      sockets: number
      last_activity: string | null
    } }
  change: {
    state: "opening" | "closing" | "working"
    services: string[] | null
    reason: string | null
  } | null
  degraded: boolean
  health: "ok" | "degraded"
  madre_status: "UP" | "DOWN" | "DORMANT"
  redis_status: "UP" | "DOWN" | "DORMANT"
  tentaculo_status: "UP"
  reason: string | null
  correlation_id: string
  state: "open" | "closed"
  services_started: string[]
  services_stopped: string[]
  closed_at: string | null
  ready?: { [name: string]: boolean | null }
}

export type CloseApiWindowAnswer = ExtendApiWindowAnswer

export type ListWindowsAnswer = {
  status: "none" | "opening" | "open" | "closing" | "error"
  mode: "solo_madre" | "window_active"
  policy: "solo_madre" | "windowed" | "full"
  window_id: string | null
  created_at: string | null
  deadline: string | null
  ttl_remaining_sec: number | null
  ttl_seconds: number | null
  active_services: string[]
  services: string[]
  renewal: {
    ttl_seconds: number
    until: string
  } | null
  activity: { [name: string]: {
      requests: number
      streams: number | null
      sockets: number
      last_activity: string | null
    } }
  change: {
    state: "opening" | "closing" | "working"
    services: string[] | null
    reason: string | null
  } | null
  degraded: boolean
  health: "ok" | "degraded"
  madre_status: "UP" | "DOWN" | "DORMANT"
  redis_status: "UP" | "DOWN" | "DORMANT"
  tentaculo_status: "UP"
  reason: string | null
  correlation_id: string
  windows: ({
    window_id: string | null
    state: "opening" | "open" | "closing"
    services: string[]
    created_at: string | null
    deadline: string | null
    ttl_seconds: number | null
    renewal: {
      ttl_seconds: number
      until: string
    } | null
  })[]
  total: number
  next: null
}

export type GetChatWindowStatusAnswer = GetApiWindowStatusAnswer

export type OpenChatWindowBody = OpenApiWindowBody

export type OpenChatWindowAnswer = OpenApiWindowAnswer

export type ExtendChatWindowBody = ExtendApiWindowBody

export type ExtendChatWindowAnswer = ExtendApiWindowAnswer

export type CloseChatWindowAnswer = ExtendApiWindowAnswer

export type AskChatBody = {
  message: string
  session_id?: "" | string | null
  user_id?: string | null
  metadata?: { [name: string]: unknown } | null
  correlation_id?: string | null
  stream?: boolean | null
  disable_fallbacks?: boolean | null
}

export type AskChatAnswer = {
  message_id: string
  session_id: string
  response: string
  message: string
  reply: string
  model: string
  model_used: string
  provider: string
  provider_used: string
  fallback_source: string
  status: "ok" | "degraded" | "error" | "interrupted"
  degraded: boolean
  reasoning: string | null
  latency_ms: number
  correlation_id: string
  cache_hit: boolean
  warnings: string[]
  finish_reason: string | null
  usage: {
    prompt_tokens: number | null
    completion_tokens: number | null
    total_tokens: number
  } | null
  cost_usd: number | null
  stored: boolean | null
  decision?: {
    reason: "contract" | "learned" | "pinned" | "frozen" | "explored" | "dry_run"
    why: string
    order: string[]
    would_order: string[] | null
    answered_by: string | null
  }
  intent_id?: unknown
  plan_id?: unknown
  mode?: unknown
  targets?: unknown
  actions?: unknown
}

export type GetChatUsageAnswer = {
  principal: string
  day: string
  tokens_used: number
  tokens_limit: number | null
  tokens_left: number | null
  models: {
    model: string
    asked: number
    answered: number
    tokens: number
  }[]
  providers: ({
    provider: string
    asked: number
    answered: number
    tokens: number
    cost_usd: number | null
  })[]
  correlation_id: string
}

export type GetChatProvidersAnswer = {
  providers: ({
    name: string
    kind: "switch" | "deepseek_r1" | "mock" | "local_llm" | "madre" | "local"
    label: string
    configured: boolean
    refusal: string | null
    circuit: "closed" | "open" | "half_open"
    cooling_until: string | null
    last_success_at: string | null
    last_failure: {
      kind: string
      reason: string | null
      at: string
    } | null
    here: {
      answered: number
      failed: number
      mean_latency_ms: number | null
    }
    stored: {
      answered: number
      failed: number
      mean_latency_ms: number | null
    } | null
  })[]
  timeout_ms: number
  switch_lane: "models" | "full"
  correlation_id: string
}

export type ListChatSessionsAnswer = {
  sessions: ({
    session_id: string
    title: string | null
    created_at: string | null
    updated_at: string | null
    message_count: number
  })[]
  next_before: number | null
  next: string | null
  correlation_id: string
}

export type GetChatMessageAnswer = {
  response: string
  message: string
  reply: string
}

export type JudgeChatMessageBody = {
  thumb: "up" | "down" | null
}

export type JudgeChatMessageAnswer = {
  message_id: string
  thumb: "up" | "down" | null
  counts_for: string | null
  correlation_id: string
}

export type GetChatRotationAnswer = {
  mode: "off" | "dry-run" | "on"
  explore_pct: number
  window_hours: number
  order: string[]
  contract_order: string[]
  pinned: {
    model: string
    by: string | null
    at: string
  } | null
  frozen: {
    by: string | null
    at: string
  } | null
  changed: {
    at: string
    reason: string
  } | null
  models: ({
    model: string
    position: number
    reason: string
    below_floor: boolean
    configured: boolean
    worth: number | null
    worth_error: number | null
    success: number | null
    quality: number | null
    usefulness: number | null
    asked: number
    answered: number
    empties: number
    refusals: number
    thumbs_up: number
    thumbs_down: number
    first_token_ms: number | null
    tokens_per_s: number | null
    cost_usd: number | null
  })[]
  correlation_id: string
}

export type PinChatModelBody = {
  model: string
}

export type PinChatModelAnswer = GetChatRotationAnswer

export type UnpinChatModelAnswer = GetChatRotationAnswer

export type FreezeChatOrderAnswer = GetChatRotationAnswer

export type UnfreezeChatOrderAnswer = GetChatRotationAnswer

export type RunChatCommandBody = {
  command: string
  args?: { [name: string]: unknown } | null
  message?: string | null
  session_id?: "" | string | null
  user_id?: string | null
  correlation_id?: string | null
}

export type RunChatCommandAnswer = {
  session_id: string
  correlation_id: string
  command: string | null
  timestamp: string
  result: "ok" | "error" | "off_by_policy"
  error?: string
  window?: unknown
  modules?: unknown
  spawn?: unknown
  available_commands?: string[]
}

export type AssistDeepseekR1Body = {
  prompt: string
  purpose?: string
  temperature?: number
  max_tokens?: number | null
  session_id?: string | null
}

export type AssistDeepseekR1Answer = {
  status: "ok"
  request_id: string
  purpose: "plan" | "patch" | "review" | "risk_assessment"
  model: string
  reasoning_content: string | null
  response: string
  tokens_used: number | null
  reasoning_tokens: number | null
  elapsed_ms: number
  correlation_id: string
}

export type GetAssistStatusAnswer = {
  status: "enabled" | "disabled"
  configured: boolean
  codev_enabled: boolean
  rate_limit_per_hour: number
  calls_left: number | null
  max_tokens: number
  model: string
  purpose_options: string[]
}

export type SendTaskBody = {
  task_type: string
  payload: { [name: string]: unknown }
  intent_type?: string | null
  session_id?: "" | string | null
  user_id?: string | null
  metadata?: { [name: string]: unknown } | null
  provider_hint?: string | null
}

export type SendTaskAnswer = {
  status: string
}

export type GetChatSessionAnswer = {
  session_id: string
  user_id: string
  title: string | null
  created_at: string | null
  updated_at: string | null
  message_count: number
  messages: ({
    message_id: string
    role: string
    content: string
    timestamp: string | null
    metadata: { [name: string]: unknown }
  })[]
  has_more: boolean
  next: string | null
  summary: string
}

export type DeleteChatSessionAnswer = {
  session_id: string
  deleted: true
  messages_deleted: number
}

export type RenameChatSessionBody = {
  title: string
}

export type RenameChatSessionAnswer = {
  session_id: string
  title: string | null
  created_at: string | null
  updated_at: string | null
  message_count: number
}

export type ExportChatSessionAnswer = string

export type AskOperatorChatBody = AskChatBody

export type AskOperatorChatAnswer = AskChatAnswer

export type AskOperatorChatAskBody = AskChatBody

export type AskOperatorChatAskAnswer = AskChatAnswer

export type GetPowerWindowStatusAnswer = GetApiWindowStatusAnswer

export type OpenPowerWindowBody = OpenApiWindowBody

export type OpenPowerWindowAnswer = OpenApiWindowAnswer

export type ExtendPowerWindowBody = ExtendApiWindowBody

export type ExtendPowerWindowAnswer = ExtendApiWindowAnswer

export type ClosePowerWindowAnswer = ExtendApiWindowAnswer

export type GetPowerStateAnswer = {
  status: "ok" | "service_offline"
  policy: "solo_madre" | "windowed" | "full"
  window_id: string | null
  created_at: string | null
  deadline: string | null
  ttl_remaining_sec: number | null
  active_services: string[]
  power_window: {
    policy: string
    window_id: string | null
    ttl_remaining: number | null
    running_services: string[]
  }
  degraded: boolean
  reason: string | null
  correlation_id: string
}

export type GetPowerStatusAnswer = SendTaskAnswer

export type GetPowerTokenAnswer = {
  token: string
}

export type GetSoloMadreStatusAnswer = SendTaskAnswer

export type ApplySoloMadreAnswer = {
  status: string
} | {
  status: "accepted"
  policy: "solo_madre"
  message: string
  status_url: string
  correlation_id: string
}

export type StartServiceBody = {
  apply?: boolean
  confirm?: string | null
}

export type StartServiceAnswer = {
  status: "plan" | "ok"
  apply: boolean
  plan: unknown[]
  executed: unknown[]
}

export type StopServiceBody = StartServiceBody

export type StopServiceAnswer = StartServiceAnswer

export type RestartServiceBody = StartServiceBody

export type RestartServiceAnswer = StartServiceAnswer

export type GetBackupsAnswer = {
  backups: {
    file: string
    bytes: number
    created_at: string
    verifiable: boolean
    archived: boolean
  }[] | null
  total_bytes: number | null
  keep: number | null
  reason: "kept_by_the_store" | "folder_unreadable" | null
  correlation_id: string
}

export type GetMaintenanceAnswer = {
  state: "idle" | "running"
  run: {
    id: string
    trigger: "weekly" | "operator" | "post_task" | "command"
    started_at: string
    here: boolean
    progress: {
      step: "quick_check" | "integrity_check" | "foreign_key_check" | "backup" | "backup_rotation" | "retention" | "wal_checkpoint" | "optimize" | "vacuum" | "counts" | "db_map"
      percent: number
      rows: {
        done: number
        total: number
      } | null
      finished: ({
        step: "quick_check" | "integrity_check" | "foreign_key_check" | "backup" | "backup_rotation" | "retention" | "wal_checkpoint" | "optimize" | "vacuum" | "counts" | "db_map"
        status: "ok" | "found" | "failed" | "skipped"
        duration_ms: number
      })[]
    } | null
  } | null
  last: {
    id: string
    trigger: "weekly" | "operator" | "post_task" | "command"
    reason: string | null
    started_at: string
    finished_at: string
    duration_ms: number
    ok: boolean
    store: "file" | "server" | "d1"
    path: string | null
    size_bytes: number | null
    steps: {
      quick_check?: {
        status: "ok" | "found" | "failed" | "skipped"
        duration_ms: number
        result: {
          verdict: string
          problems: string[]
        } | null
        reason: string | null
      }
      integrity_check?: {
        status: "ok" | "found" | "failed" | "skipped"
        duration_ms: number
        result: {
          verdict: string
          problems: string[]
        } | null
        reason: string | null
      }
      foreign_key_check?: {
        status: "ok" | "found" | "failed" | "skipped"
        duration_ms: number
        result: {
          violations: number
          by_key: { [name: string]: number }
        } | null
        reason: string | null
      }
      backup?: {
        status: "ok" | "found" | "failed" | "skipped"
        duration_ms: number
        result: {
          file: string
          sha256: string
          bytes: number
        } | null
        reason: string | null
      }
      backup_rotation?: {
        status: "ok" | "found" | "failed" | "skipped"
        duration_ms: number
        result: {
          kept: string[]
          archived: string[]
          archived_total: number
        } | null
        reason: string | null
      }
      retention?: {
        status: "ok" | "found" | "failed" | "skipped"
        duration_ms: number
        result: {
          applied: boolean
          held?: boolean
          eligible: number
          deleted: number
          remaining: number
          batches: number
          longest_write_ms: number | null
          tables: ({
            table: string
            column: string
            days: number
            cutoff: string
            eligible: number | null
            unreadable: number | null
            deleted: number
            error: string | null
          })[]
        } | null
        reason: string | null
      }
      wal_checkpoint?: {
        status: "ok" | "found" | "failed" | "skipped"
        duration_ms: number
        result: {
          busy: boolean
          log_pages: number
          checkpointed_pages: number
        } | null
        reason: string | null
      }
      optimize?: {
        status: "ok" | "found" | "failed" | "skipped"
        duration_ms: number
        result: {
          statement: string
          tables: number | null
        } | null
        reason: string | null
      }
      vacuum?: {
        status: "ok" | "found" | "failed" | "skipped"
        duration_ms: number
        result: {
          bytes_before: number
          bytes_after: number
        } | null
        reason: string | null
      }
      counts?: {
        status: "ok" | "found" | "failed" | "skipped"
        duration_ms: number
        result: {
          total_tables: number
          total_rows: number
          tables: { [name: string]: number }
          bytes?: { [name: string]: number } | null
        } | null
        reason: string | null
      }
      db_map?: {
        status: "ok" | "found" | "failed" | "skipped"
        duration_ms: number
        result: {
          files: string[]
        } | null
        reason: string | null
      }
    }
  } | null
  next_full_run_at: string | null
  retention_allowed_at: string | null
}

export type StartMaintenanceBody = {
  apply?: boolean | null
  reason?: string | null
  backup?: boolean
  vacuum?: boolean
}

export type StartMaintenanceAnswer = {
  id: string
  state: "running"
  status_url: string
}

export type GetRuntimeTruthAnswer = {
  generated_at: string
  age_s: number
  history_missing: "database_unavailable" | "not_recorded_yet" | null
  correlation_id: string
  services: ({
    service: string
    port: number
    status: "OK" | "BROKEN" | "OFF_BY_POLICY" | "UNKNOWN"
    http_code: number | null
    latency_ms: number | null
    endpoint_ok: string | null
    snippet: string | null
    checked_at: string
    reason: string | null
    since: string | null
    last_hour: {
      looks: number
      availability_pct: number | null
      p50_ms: number | null
      p95_ms: number | null
    } | null
    last_24_hours: {
      looks: number
      availability_pct: number | null
      p50_ms: number | null
      p95_ms: number | null
    } | null
    last_7_days: {
      looks: number
      availability_pct: number | null
      p50_ms: number | null
      p95_ms: number | null
    } | null
    hours: {
      at: string
      ok: number
      broken: number
      asleep: number
    }[] | null
    hour_parts: {
      at: string
      ok: number
      broken: number
      asleep: number
    }[] | null
    week_parts: {
      at: string
      ok: number
      broken: number
      asleep: number
    }[] | null
    prediction: {
      kind: "latency" | "relapses"
      since: string
      usual: number
      seen: number
    } | null
  })[]
  summary: {
    total: number
    ok: number
    broken: number
    off_by_policy: number
    unknown: number
  }
  report_path: string | null
} | string

export type GetServiceTruthAnswer = {
  generated_at: string
  age_s: number
  history_missing: "database_unavailable" | "not_recorded_yet" | null
  correlation_id: string
  service: {
    service: string
    port: number
    status: "OK" | "BROKEN" | "OFF_BY_POLICY" | "UNKNOWN"
    http_code: number | null
    latency_ms: number | null
    endpoint_ok: string | null
    snippet: string | null
    checked_at: string
    reason: string | null
    since: string | null
    last_hour: {
      looks: number
      availability_pct: number | null
      p50_ms: number | null
      p95_ms: number | null
    } | null
    last_24_hours: {
      looks: number
      availability_pct: number | null
      p50_ms: number | null
      p95_ms: number | null
    } | null
    last_7_days: {
      looks: number
      availability_pct: number | null
      p50_ms: number | null
      p95_ms: number | null
    } | null
    hours: {
      at: string
      ok: number
      broken: number
      asleep: number
    }[] | null
    hour_parts: {
      at: string
      ok: number
      broken: number
      asleep: number
    }[] | null
    week_parts: {
      at: string
      ok: number
      broken: number
      asleep: number
    }[] | null
    prediction: {
      kind: "latency" | "relapses"
      since: string
      usual: number
      seen: number
    } | null
  }
  changes: ({
    at: string
    from: "OK" | "BROKEN" | "OFF_BY_POLICY" | "UNKNOWN"
    to: "OK" | "BROKEN" | "OFF_BY_POLICY" | "UNKNOWN"
  })[]
  recent: ({
    at: string
    status: "OK" | "BROKEN" | "OFF_BY_POLICY" | "UNKNOWN"
    latency_ms: number | null
  })[]
}

export type GetForecastsAnswer = {
  measured_at: string | null
  instance: string
  forecasts: ({
    name: "disk_full" | "wal_growth" | "event_backlog" | "token_budget"
    unit: string
    used: number | null
    limit: number | null
    per_hour: number | null
    at: string | null
    reason: "not_measured_yet" | "not_measured_here" | "unreadable" | "no_limit" | "too_few_samples" | "not_shrinking" | "resets_before" | null
    raised: boolean
    horizon_s: number
    principal: string | null
  })[]
  correlation_id: string
}

export type GetGatesAnswer = {
  status: "pass" | "fail"
  passed: number
  failed: number
  skipped: number
  gates: ({
    gate: "database_integrity" | "service_health" | "configuration_secrets" | "chat_answers" | "maintenance_ran" | "single_entrypoint" | "flags" | "degraded_fallback" | "no_drift"
    verdict: "pass" | "fail" | "skip"
    measured: string
    findings: string[]
    action: string | null
  })[]
  checked_at: string
  correlation_id: string
}

export type GetDriftAnswer = {
  status: "ok" | "incomplete" | "drift" | "never_audited"
  audited_at: string | null
  age_s: number | null
  next_audit_at: string | null
  trigger: "weekly" | "request" | null
  version: string | null
  areas: ({
    area: "routes" | "services" | "database" | "flags" | "contracts" | "instances"
    verdict: "ok" | "drift" | "unknown"
    checked: number
    drifts: number
    unknown: number
  })[]
  drifts: ({
    area: "routes" | "services" | "database" | "flags" | "contracts" | "instances"
    module: string
    subject: string
    expected: string
    actual: string
    severity: "low" | "medium" | "high" | "critical"
    since: string
    current: boolean
  })[]
  left_out: number
  unknown: ({
    area: "routes" | "services" | "database" | "flags" | "contracts" | "instances"
    module: string
    reason: string
  })[]
  report_path: string | null
  unrecorded: "database_unavailable" | null
  correlation_id: string
} | string

export type AuditDriftAnswer = {
  status: "ok" | "incomplete" | "drift" | "never_audited"
  audited_at: string | null
  age_s: number | null
  next_audit_at: string | null
  trigger: "weekly" | "request" | null
  version: string | null
  areas: ({
    area: "routes" | "services" | "database" | "flags" | "contracts" | "instances"
    verdict: "ok" | "drift" | "unknown"
    checked: number
    drifts: number
    unknown: number
  })[]
  drifts: ({
    area: "routes" | "services" | "database" | "flags" | "contracts" | "instances"
    module: string
    subject: string
    expected: string
    actual: string
    severity: "low" | "medium" | "high" | "critical"
    since: string
    current: boolean
  })[]
  left_out: number
  unknown: ({
    area: "routes" | "services" | "database" | "flags" | "contracts" | "instances"
    module: string
    reason: string
  })[]
  report_path: string | null
  unrecorded: "database_unavailable" | null
  correlation_id: string
}

export type GetScorecardAnswer = {
  percentages: {
    generated_ts: string
    metrics: {
      Orden_fs_pct: number | null
      Coherencia_routing_pct: number | null
      Automatizacion_pct: number | null
      Autonomia_pct: number | null
      Global_ponderado_pct: number | null
    }
    weights: { [name: string]: number }
    checks: ({
      metric: "Orden_fs_pct" | "Coherencia_routing_pct" | "Automatizacion_pct" | "Autonomia_pct"
      check: string
      passed: boolean | null
      found: string
    })[]
  }
  scorecard: {
    generated_ts: string
    integrity: string | null
    integrity_checked_at: string | null
    total_tables: number | null
    total_rows: number | null
    rows_counted_at: string | null
    db_size_bytes: number | null
    backup_db_count: null
    backups_archived_count: null
    services: { [name: string]: number }
    gates: { [name: string]: number }
    unmeasured: { [name: string]: string }
  }
  files_found: {
    percentages: true
    scorecard: true
  }
  availability: { [name: string]: number | null }
  order_fs_pct: number | null
  coherencia_routing_pct: number | null
  automatizacion_pct: number | null
  autonomia_pct: number | null
  global_ponderado_pct: number | null
  correlation_id: string
}

export type GetSpawnerStatusAnswer = {
  status: "ok" | "off_by_policy"
  policy: "solo_madre" | "windowed" | "full"
  allowed: boolean
  window: {
    mode: "solo_madre" | "window_active"
    window_id: string | null
    services: string[]
    ttl_seconds: number | null
  }
  message: string | null
  hint: string | null
  health: {
    up: boolean
    version: string | null
    latency_ms: number | null
    reason: string | null
  }
  summary: {
    runs_by_status: { [name: string]: number }
  }
  degraded: boolean
  error?: "database_unavailable"
  correlation_id: string
  timestamp: string
}

export type GetSpawnerRunsAnswer = {
  status: "ok"
  policy: "solo_madre" | "windowed" | "full"
  allowed: boolean
  window: {
    mode: "solo_madre" | "window_active"
    window_id: string | null
    services: string[]
    ttl_seconds: number | null
  }
  runs: ({
    id: number
    uuid: string
    name: string
    cmd: string
    status: string | null
    started_at: string | null
    ended_at: string | null
    exit_code: number | null
    parent_task_id: string | null
    created_at: string | null
    stdout_preview: string | null
    stderr_preview: string | null
  })[]
  total: number
  limit: number
  offset: number
  next: string | null
  degraded: boolean
  error?: "database_unavailable"
  correlation_id: string
  timestamp: string
}

export type SubmitSpawnBody = {
  cmd?: string | null
  name?: string | null
  task_name?: string | null
  task_type?: string | null
  description?: string | null
  intent?: string
  max_retries?: number
  ttl_seconds?: number
  metadata?: { [name: string]: unknown } | null
}

export type SubmitSpawnAnswer = {
  status: "queued"
  policy: string
  intent: { [name: string]: unknown }
  spawn: {
    spawn_uuid: string
  }
  correlation_id: string
}

export type GetOperatorHormigueroStatusAnswer = { [name: string]: unknown } | {
  status: "off_by_policy"
  module: string
  policy: "solo_madre" | "windowed" | "full"
  message: string
  reason: string
  hint: string
  window: {
    mode: "solo_madre" | "window_active"
    window_id: string | null
    services: string[]
    ttl_seconds: number | null
  }
  correlation_id: string
} | {
  status: "service_offline"
  module: string
  error: string
  hint: string | null
  degraded: true
  correlation_id: string
}

export type GetOperatorHormigueroIncidentsAnswer = {
  status: "ok"
  incidents: unknown[]
  total: number
  limit: number
  next: string | null
  correlation_id: string
} | {
  status: "off_by_policy"
  module: string
  policy: "solo_madre" | "windowed" | "full"
  message: string
  reason: string
  hint: string
  window: {
    mode: "solo_madre" | "window_active"
    window_id: string | null
    services: string[]
    ttl_seconds: number | null
  }
  correlation_id: string
  incidents: never[]
  total: 0
  next: null
} | {
  status: "service_offline"
  module: string
  error: string
  hint: string | null
  degraded: true
  correlation_id: string
  incidents: never[]
  total: 0
  next: null
}

export type ScanOnceAnswer = DiscoverAtHermesAnswer

export type GetIneeStatusAnswer = {
  status: string
  enabled?: boolean
} | {
  status: "off_by_policy"
  module: string
  policy: "solo_madre" | "windowed" | "full"
  message: string
  reason: string
  hint: string
  window: {
    mode: "solo_madre" | "window_active"
    window_id: string | null
    services: string[]
    ttl_seconds: number | null
  }
  correlation_id: string
} | {
  status: "service_offline"
  module: string
  error: string
  hint: string | null
  degraded: true
  correlation_id: string
}

export type BuildPatchsetBody = DiscoverAtHermesAnswer

export type BuildPatchsetAnswer = DiscoverAtHermesAnswer

export type RegisterColonyBody = DiscoverAtHermesAnswer

export type RegisterColonyAnswer = DiscoverAtHermesAnswer

export type SealEnvelopeBody = DiscoverAtHermesAnswer

export type SealEnvelopeAnswer = DiscoverAtHermesAnswer

export type ListActsAnswer = {
  acts: ({
    id: number
    at: string | null
    act: "cache.clear" | "chat.freeze" | "chat.pin" | "chat.unfreeze" | "chat.unpin" | "config.reload" | "drift.audit" | "hermes.discover" | "hermes.pull_model" | "hermes.execute" | "hormiguero.scan" | "inee.patchset" | "inee.register_colony" | "inee.seal_envelope" | "intent.submit" | "key.create" | "key.update" | "key.reroll" | "key.revoke" | "maintenance.start" | "power.apply_solo_madre" | "power.other" | "power.restart_service" | "power.start_service" | "power.stop_service" | "power.token" | "settings.remove" | "settings.write" | "spawn.submit" | "task.submit" | "webhook.test" | "window.close" | "window.extend" | "window.open" | "window.wake"
    target: string | null
    outcome: "attempted" | "done" | "refused" | "failed"
    error: string | null
    principal: string | null
    key_name: string | null
    address: string
    before: unknown
    after: unknown
    repeated?: number
    correlation_id: string
  })[]
  next: string | null
  degraded: boolean
  error?: "database_unavailable"
  correlation_id: string
}

export type GetAuditsAnswer = {
  runs: ({
    audit_id: string
    run_ts: string | null
    timestamp: string | null
    status: string | null
    correlation_id: string | null
    summary: string | null
    reason: "plan_too_large" | "plan_unreadable" | null
    id: string
    run_id: string
    p0_count: number | null
  })[]
  total: number
  has_more: boolean
  next: string | null
  degraded: boolean
  error?: "database_unavailable" | "feature_disabled"
  flag?: "VX11_AUDIT_ENABLED"
  correlation_id: string
}

export type GetAuditRunsAnswer = GetAuditsAnswer

export type GetAuditAnswer = {
  audit_id: string
  run_ts: string | null
  timestamp: string | null
  status: string | null
  correlation_id: string | null
  summary: string | null
  reason: "plan_too_large" | "plan_unreadable" | null
  findings: unknown[] | null
  artifacts: string[] | null
  applied_at: string | null
  applied_by: string | null
}

export type DownloadAuditAnswer = Uint8Array

export type GetRailsAnswer = {
  rails: ({
    rail_id: string
    name: string | null
    description: string | null
    rule_type: string | null
    severity_on_violation: string | null
    active: 1
    created_at: string | null
  })[]
  count: number
  next: string | null
  degraded: boolean
  error?: "database_unavailable"
  correlation_id: string
} | {
  rails: never[]
  count: 0
  next: null
  error: "feature_disabled"
  flag: "VX11_MANIFESTATOR_ENABLED"
  correlation_id: string
}

export type GetLanesAnswer = {
  lanes: ({
    lane_id: string
    name: string | null
    description: string | null
    stage: string | null
    created_at: string | null
    checks: unknown[] | null
  })[]
  count: number
  next: string | null
  degraded: boolean
  error?: "database_unavailable"
  correlation_id: string
} | {
  lanes: never[]
  next: null
  error: "feature_disabled"
  flag: "VX11_MANIFESTATOR_ENABLED"
  correlation_id: string
}

export type GetLaneStatusAnswer = {
  lane_id: string
  name: string | null
  description: string | null
  stage: string | null
  created_at: string | null
  checks: unknown[] | null
  status: "ok"
  audit_findings: ({
    audit_id: string
    correlation_id: string | null
    status: string | null
    run_ts: string | null
    patch_plan: { [name: string]: unknown } | null
    reason: "plan_too_large" | "plan_unreadable" | null
  })[]
} | {
  lane_id: string
  status: "disabled"
  error: "feature_disabled"
  flag: "VX11_MANIFESTATOR_ENABLED"
  correlation_id: string
}

export type GetSettingsAnswer = {
  settings: { [name: string]: unknown }
  appearance: unknown
  chat: unknown
  security: unknown
  notifications: unknown
  policy: "solo_madre" | "windowed" | "full"
  read_only: boolean
  correlation_id: string
  degraded: boolean
  error?: "database_unavailable"
} | {
  error: "feature_disabled"
  flag: "VX11_SETTINGS_ENABLED"
  settings: { [name: string]: unknown }
  correlation_id: string
}

export type WriteSettingsBody = DiscoverAtHermesAnswer

export type WriteSettingsAnswer = {
  ok: true
  status: "ok"
  updated_keys: string[]
  changed_keys: string[]
  settings: { [name: string]: unknown }
  correlation_id: string
}

export type GetSettingsHistoryAnswer = {
  changes: ({
    id: number
    key: string
    change: "created" | "updated" | "removed"
    before: unknown
    after: unknown
    by: string | null
    at: string | null
    correlation_id: string | null
  })[]
  has_more: boolean
  next: string | null
  degraded: boolean
  error?: "database_unavailable" | "feature_disabled"
  flag?: "VX11_SETTINGS_ENABLED"
  correlation_id: string
}

export type RemoveSettingAnswer = {
  ok: true
  status: "ok"
  removed_key: string
  correlation_id: string
}

export type GetMetricBucketsAnswer = {
  window_seconds: number
  bucket_seconds: number
  series: ({
    metric_name: string
    quantile: string | null
    unit: "%" | "GiB" | "ms" | "s" | ""
    points: ({
      at: string
      count: number
      min: number
      mean: number
      max: number
      requests: number | null
    })[]
  })[]
  degraded: boolean
  error?: "database_unavailable"
  correlation_id: string
} | {
  error: "feature_disabled"
  flag: "VX11_METRICS_ENABLED"
  series: never[]
  correlation_id: string
}

export type GetMetricSeriesAnswer = {
  metrics: ({
    metric_id: string
    metric_name: string | null
    value: number | null
    module: string | null
    unit: "%" | "GiB" | "ms" | "s" | ""
    timestamp: string | null
    ts: string | null
    dimensions: { [name: string]: unknown }
  })[]
  count: number
  has_more: boolean
  next: string | null
  window_seconds: number
  statistics: ({
    metric_name: string
    quantile: string | null
    unit: "%" | "GiB" | "ms" | "s" | ""
    count: number
    min: number
    max: number
    avg: number
    p50: number
    p95: number
    p99: number
  })[]
  degraded: boolean
  error?: "database_unavailable"
  correlation_id: string
} | {
  error: "feature_disabled"
  flag: "VX11_METRICS_ENABLED"
  metrics: ({
    metric_id: string
    metric_name: string | null
    value: number | null
    module: string | null
    unit: "%" | "GiB" | "ms" | "s" | ""
    timestamp: string | null
    ts: string | null
    dimensions: { [name: string]: unknown }
  })[]
  count: 0
  next: null
  correlation_id: string
}

export type ListEventsAnswer = {
  events: ({
    event_id: string
    id: string
    stream_id: number
    event_type: string
    type: string
    source: string
    summary: string
    module: string | null
    severity: "info" | "warn" | "critical"
    correlation_id: string | null
    payload: { [name: string]: unknown }
    created_at: string
    ts: string
    timestamp: number
  })[]
  total: number
  total_is_bound: boolean
  limit: number
  offset: number
  has_more: boolean
  next: string | null
} | {
  error: "feature_disabled"
  flag: "VX11_EVENTS_ENABLED"
  status_code: 503
  events: never[]
  total: 0
  total_is_bound: false
  has_more: false
  next: null
}

export type CreateSseTicketAnswer = {
  sse_token: string
  ttl_seconds: number
  ttl_sec: number
  expires_in_sec: number
  endpoint: string
  usage: string
}

export type VerifyLedgerAnswer = {
  status: "intact" | "broken" | "more"
  first: number | null
  last: number | null
  linked: number
  unlinked: number
  broken: {
    id: number
    fault: "hash_mismatch" | "payload_mismatch" | "events_missing_from_ledger"
  } | null
  next: string | null
}

export type IngestEventBody = {
  source: string
  type: string
  payload: { [name: string]: unknown }
  broadcast?: boolean
  metadata?: { [name: string]: unknown } | null
}

export type IngestEventAnswer = {
  status: "received"
  event_id: string
  stream_id: number
  source: string
  type: string
  canonical: boolean
  broadcast: boolean
}

export type IngestEventsBody = ({
  source: string
  type: string
  payload: { [name: string]: unknown }
  broadcast?: boolean
  metadata?: { [name: string]: unknown } | null
})[]

export type IngestEventsAnswer = {
  status: "received" | "partly_received" | "rejected"
  received: number
  rejected: number
  results: ({
    status: "received"
    event_id: string
    stream_id: number
    source: string
    type: string
    canonical: boolean
    broadcast: boolean
  } | {
    status: "rejected"
    reason: string
    detail: ({
      loc: (string | number)[]
      msg: string
      type: string
    })[]
  })[]
}

export type CreateSocketTicketAnswer = {
  ws_token: string
  ttl_seconds: number
  ttl_sec: number
  expires_in_sec: number
  endpoint: string
  usage: string
}

export type GetCorrelationTimelineAnswer = {
  correlation_id: string
  entries: ({
    kind: "event"
    at: string | null
    event_id: string
    stream_id: number
    type: string
    source: string
    severity: string
    module: string | null
    summary: string
    principal: string | null
  } | {
    kind: "chat"
    at: string | null
    message_id: number | null
    session_id: string | null
    role: string
    characters: number
  } | {
    kind: "request"
    at: string | null
    upstream: string
    summary: string
  } | {
    kind: "routing"
    at: string | null
    route_type: string
    provider: string
    summary: string | null
  } | {
    kind: "window"
    at: string | null
    module: string
    action: string
    summary: string | null
    principal: string | null
  })[]
  searched: {
    events: {
      found: number
      complete: boolean
    }
    chat: {
      found: number
      complete: boolean
    }
    routing: {
      found: number
      complete: boolean
    }
    windows: {
      found: number
      complete: boolean
    }
  }
}

export type ListCorrelationsAnswer = {
  correlations: ({
    id: string
    at: string | null
    kind: "request" | "chat" | "window" | "routing"
    name: string
    target: string
    status: number | null
    principal: string | null
    duration_ms: number | null
    outcome: "failed" | "refused" | "cancelled" | "slow" | "ok" | null
    records: number
  })[]
  next: string | null
  slow_ms: number
  correlation_id: string
}

export type GetCorrelationAnswer = {
  id: string
  correlation_ids: string[]
  trace_ids: string[]
  started_at: string | null
  duration_ms: number | null
  outcome: "failed" | "refused" | "cancelled" | "slow" | "ok" | null
  why: string
  because: {
    code: "failed" | "refused" | "cancelled" | "slow" | "all_well" | "nothing_recorded"
    node: string | null
    others: number
  }
  nodes: ({
    id: string
    parent: string | null
    depth: number
    kind: "request" | "chat" | "window" | "routing" | "step" | "event"
    name: string
    target: string | null
    start_ms: number | null
    duration_ms: number | null
    principal: string | null
    outcome: "ok" | "refused" | "cancelled" | "failed" | "skipped" | null
    status: number | null
    error: string | null
    decision: string | null
    decisions: ({
      code: "not_sent" | "retried" | "circuit" | "cached" | "fell_back"
      values: { [name: string]: string | number }
    })[]
    event_id: number | null
    severity: string | null
  })[]
  truncated: boolean
}

export type GetEventCardinalityAnswer = {
  status: "ok"
  timestamp: number
  window_seconds: number
  events: { [name: string]: {
      count: number
      rate_per_min: number
    } }
  total_events: number
  other_types: {
    types: number
    count: number
  }
}

export type GetEventCorrelationsAnswer = {
  status: "ok"
  timestamp: number
  window_seconds: number
  graph: {
    nodes: ({
      id: string
      event_id: string
      type: string
      timestamp: number
      severity: string
      nature: string | null
      correlation_id: string | null
    })[]
    edges: ({
      from: string
      to: string
      kind: "related" | "same_correlation"
      strength: number | null
    })[]
    total_nodes: number
    total_edges: number
  }
  truncated: boolean
}

export type GetMetricsAnswer = string

export type GetResourcesAnswer = GetOperatorHormigueroStatusAnswer

export type GetEngineBody = DiscoverAtHermesAnswer

export type GetEngineAnswer = DiscoverAtHermesAnswer

export type ExecuteAtHermesBody = DiscoverAtHermesAnswer

export type ExecuteAtHermesAnswer = DiscoverAtHermesAnswer

export type GetHormigueroStatusAnswer = GetOperatorHormigueroStatusAnswer

export type GetQueenStatusAnswer = GetOperatorHormigueroStatusAnswer

export type GetHormigueroIncidentsAnswer = GetOperatorHormigueroIncidentsAnswer

export type GetHormigueroReportAnswer = GetOperatorHormigueroIncidentsAnswer

export type LoginBody = {
  username: string
  password: string
}

export type LoginAnswer = DiscoverAtHermesAnswer

export type LogoutAnswer = DiscoverAtHermesAnswer

export type GetShubHealthAnswer = {
  status?: string
  correlation_id: string
}

export type GetShubReadinessAnswer = DiscoverAtHermesAnswer

export type GetShubOpenApiAnswer = DiscoverAtHermesAnswer

export type GetShubDashboardAnswer = {
  status: "ok" | "degraded" | "service_offline"
  module: "shub"
  degraded: boolean
  health: { [name: string]: unknown } | null
  ready: { [name: string]: unknown } | null
  state: { [name: string]: unknown } | null
  reasons: { [name: string]: string | null }
  correlation_id: string
}

export type ClearShubCacheAnswer = {
  status: "cleared"
  keys_deleted: number
  timestamp: number
}

export type GetShubRateLimitAnswer = {
  status: "ok"
  rate_limit: {
    enabled: false
  } | {
    enabled: true
    identifier: string
    limit: number
    requests_in_window: number
    remaining: number
    ttl_seconds: number
  }
  timestamp: number
  correlation_id: string
}

export type GetOpenApiAnswer = {
  openapi: string
  info: {
    title: string
    version: string
  }
  paths: { [name: string]: unknown }
}

export interface Operations {
  /** Constant; touches nothing */
  getHealth: {
    answer: GetHealthAnswer
  }
  /** The process answers; which build it is */
  getLiveness: {
    answer: GetLivenessAnswer
  }
  /** What the gateway cannot do without works, and no shutdown has begun; `degraded` takes traffic */
  getReadiness: {
    answer: GetReadinessAnswer
  }
  /** What is up, what sleeps and why; measured at most 5 s ago */
  getVx11Status: {
    answer: GetVx11StatusAnswer
  }
  /** The same reading, module by module */
  getVx11Overview: {
    answer: GetVx11OverviewAnswer
  }
  /** Whether switch answers, and whether requests are routed to it */
  getSwitchStatus: {
    answer: GetSwitchStatusAnswer
  }
  /** The gateway, what it stores in, madre and switch; wakes nothing */
  getOperatorStatus: {
    answer: GetOperatorStatusAnswer
  }
  /** The state of every module; `t` comes back as the timestamp */
  getSnapshot: {
    query?: {
      t?: string | readonly string[]
    }
    answer: GetSnapshotAnswer
  }
  /** Latency of every service, the newest routing decision, and the providers */
  getObservation: {
    answer: GetObservationAnswer
  }
  /** What is on, what is off and by which flag, what sleeps and what wakes it */
  getCapabilities: {
    answer: GetCapabilitiesAnswer
  }
  /** All that a console shows first: services, policy, window, limiter, database, features */
  getOperatorApiStatus: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: GetOperatorApiStatusAnswer
  }
  /** Every module by name, and as a list */
  listModules: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: ListModulesAnswer
  }
  /** One module, by its name or its compose name */
  getModule: {
    path: { name: string }
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: GetModuleAnswer
  }
  /** Whether the core answers, as measured */
  getOperatorApiHealth: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: GetOperatorApiHealthAnswer
  }
  /** What the gateway is connected to, from configuration and measurement */
  getTopology: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: GetTopologyAnswer
  }
  /** The health of every service, for VX11’s operator backend */
  getCoreHealth: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: GetCoreHealthAnswer
  }
  /** Rows of the tables that consoles ask for, the newest spawns and routes, size and integrity, at most 5 s old */
  getDatabaseSummary: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: GetDatabaseSummaryAnswer
  }
  /** Circuit, requests in flight and retry budget of each configured upstream */
  getCircuitBreakers: {
    answer: GetCircuitBreakersAnswer
  }
  /** Hermes’ health, measured at most 5 s ago */
  getHermesHealth: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: GetHermesHealthAnswer
  }
  /** Providers and models that hermes registered */
  getHermesCatalog: {
    answer: GetHermesCatalogAnswer
  }
  /** Lets hermes look for tools and models; a plan unless `apply` is set */
  discoverAtHermes: {
    headers?: {
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    body?: DiscoverAtHermesBody
    answer: DiscoverAtHermesAnswer
  }
  /** Lets hermes download a model, where it may */
  pullModel: {
    headers?: {
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    body: PullModelBody
    answer: PullModelAnswer
  }
  /** Hands an intent to madre; 403 while a module that it requires is closed */
  sendIntent: {
    body: SendIntentBody
    answer: SendIntentAnswer
  }
  /** What became of an intent, or of a spawn by its id or uuid */
  getResult: {
    path: { id: string }
    answer: GetResultAnswer
  }
  /** The daughters that live now, newest first */
  getAgents: {
    query?: {
      limit?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: GetAgentsAnswer
  }
  /** Gives the spawner a command to run */
  spawn: {
    headers?: {
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    body: SpawnBody
    answer: SpawnAnswer
  }
  /** Opens madre’s power window for one service */
  openCoreWindow: {
    body: OpenCoreWindowBody
    answer: OpenCoreWindowAnswer
  }
  /** Closes madre’s power window, with all that it holds, if it holds the target open */
  closeCoreWindow: {
    body: CloseCoreWindowBody
    answer: CloseCoreWindowAnswer
  }
  /** Madre’s power window, and whether it holds the target open */
  getCoreWindowStatus: {
    path: { target: string }
    answer: GetCoreWindowStatusAnswer
  }
  /** The name and the scopes of the token */
  getWhoAmI: {
    answer: GetWhoAmIAnswer
  }
  /** The keys, newest first; of each but its beginning */
  listKeys: {
    query?: {
      state?: "active" | "expired" | "revoked"
      limit?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: ListKeysAnswer
  }
  /** Makes a key with scopes that the caller has itself, and shows it this once */
  createKey: {
    headers?: {
      /** The same request again changes nothing more; the key itself is shown once */
      'Idempotency-Key'?: string | readonly string[]
    }
    body: CreateKeyBody
    answer: CreateKeyAnswer
  }
  /** One key, without its secret */
  getKey: {
    path: { id: string }
    answer: GetKeyAnswer
  }
  /** Revokes a key: within a second no instance takes it, and its streams and sockets end */
  revokeKey: {
    path: { id: string }
    answer: RevokeKeyAnswer
  }
  /** Changes name, scopes, limits, end or note; null takes limits, end or note away */
  updateKey: {
    path: { id: string }
    body: UpdateKeyBody
    answer: UpdateKeyAnswer
  }
  /** Gives a key a new secret; the one before is accepted for overlap_seconds more (0) */
  rerollKey: {
    path: { id: string }
    headers?: {
      /** The same request again changes nothing more; the key itself is shown once */
      'Idempotency-Key'?: string | readonly string[]
    }
    body?: RerollKeyBody
    answer: RerollKeyAnswer
  }
  /** Reads the configuration anew: a valid one is in force at once, of a bad one nothing is */
  reloadConfiguration: {
    answer: ReloadConfigurationAnswer
  }
  /** Where notifications go: the last delivery and error of each, its position in the stream, what waits */
  listWebhooks: {
    answer: ListWebhooksAnswer
  }
  /** Sends one test message now; a dead destination that takes it is tried again at once */
  testWebhook: {
    path: { name: string }
    answer: TestWebhookAnswer
  }
  /** The power window, at most 2 s old */
  getApiWindowStatus: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: GetApiWindowStatusAnswer
  }
  /** Opens the power window; wait=ready answers when its services do, or 202 after budget_seconds (25); extend=true lets use renew it */
  openApiWindow: {
    query?: {
      wait?: "ready"
      budget_seconds?: number
      budget_sec?: number
      extend?: "true" | "false" | "1" | "0"
      max_ttl_seconds?: number
      max_ttl_sec?: number
    }
    body: OpenApiWindowBody
    answer: OpenApiWindowAnswer
  }
  /** Moves the deadline of the open window to ttl_seconds from now, never back; only the embedded madre can */
  extendApiWindow: {
    body: ExtendApiWindowBody
    answer: ExtendApiWindowAnswer
  }
  /** Closes the power window; the body is ignored */
  closeApiWindow: {
    answer: CloseApiWindowAnswer
  }
  /** The power windows, one at most, and the status of the window */
  listWindows: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: ListWindowsAnswer
  }
  /** The power window, at most 2 s old */
  getChatWindowStatus: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: GetChatWindowStatusAnswer
  }
  /** Opens the power window; wait=ready answers when its services do, or 202 after budget_seconds (25); extend=true lets use renew it */
  openChatWindow: {
    query?: {
      wait?: "ready"
      budget_seconds?: number
      budget_sec?: number
      extend?: "true" | "false" | "1" | "0"
      max_ttl_seconds?: number
      max_ttl_sec?: number
    }
    body: OpenChatWindowBody
    answer: OpenChatWindowAnswer
  }
  /** Moves the deadline of the open window to ttl_seconds from now, never back; only the embedded madre can */
  extendChatWindow: {
    body: ExtendChatWindowBody
    answer: ExtendChatWindowAnswer
  }
  /** Closes the power window; the body is ignored */
  closeChatWindow: {
    answer: CloseChatWindowAnswer
  }
  /** Answers a message: by switch, by a model, by madre, or by the gateway itself; says who it was */
  askChat: {
    headers?: {
      /** How long the caller still waits for an answer */
      'X-VX11-Deadline-Ms'?: string | readonly string[]
      /** no-cache or no-store asks anew */
      'Cache-Control'?: string | readonly string[]
    }
    body: AskChatBody
    answer: AskChatAnswer
  }
  /** What the chat used today: your tokens by model, calls and cost by provider */
  getChatUsage: {
    answer: GetChatUsageAnswer
  }
  /** Who may answer a chat message, in their order, and how they did */
  getChatProviders: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: GetChatProvidersAnswer
  }
  /** Your conversations, the newest first */
  listChatSessions: {
    query?: {
      limit?: number
      before?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: ListChatSessionsAnswer
  }
  /** The stored answer with this message_id, such as the end of a stream that was lost */
  getChatMessage: {
    path: { message_id: string }
    answer: GetChatMessageAnswer
  }
  /** Says whether an answer of yours was good, which the order of the models learns from */
  judgeChatMessage: {
    path: { message_id: string }
    body: JudgeChatMessageBody
    answer: JudgeChatMessageAnswer
  }
  /** The order of the models of the chat, what was learned of each, and why it stands there */
  getChatRotation: {
    answer: GetChatRotationAnswer
  }
  /** Asks this model first until it is unpinned, whatever is learned */
  pinChatModel: {
    body: PinChatModelBody
    answer: PinChatModelAnswer
  }
  /** Lets the learned order hold again */
  unpinChatModel: {
    answer: UnpinChatModelAnswer
  }
  /** Keeps the order as it is; figures are still learned */
  freezeChatOrder: {
    answer: FreezeChatOrderAnswer
  }
  /** Lets the order follow what is learned again */
  unfreezeChatOrder: {
    answer: UnfreezeChatOrderAnswer
  }
  /** status, open_window, close_window, spawn or message, each by the route that does it */
  runChatCommand: {
    body: RunChatCommandBody
    answer: RunChatCommandAnswer
  }
  /** A plan, a patch, a review or a risk assessment by DeepSeek R1; ten an hour for each principal */
  assistDeepseekR1: {
    body: AssistDeepseekR1Body
    answer: AssistDeepseekR1Answer
  }
  /** Whether the assist route is enabled and configured, and how often it may be asked */
  getAssistStatus: {
    answer: GetAssistStatusAnswer
  }
  /** Hands a task to switch while a power window lists it; the answer is switch’s own */
  sendTask: {
    headers?: {
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    body: SendTaskBody
    answer: SendTaskAnswer
  }
  /** One of your conversations with its latest messages */
  getChatSession: {
    path: { session_id: string }
    query?: {
      limit?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: GetChatSessionAnswer
  }
  /** Deletes a conversation and its messages */
  deleteChatSession: {
    path: { session_id: string }
    answer: DeleteChatSessionAnswer
  }
  /** Gives a conversation a title */
  renameChatSession: {
    path: { session_id: string }
    body: RenameChatSessionBody
    answer: RenameChatSessionAnswer
  }
  /** A whole conversation as a file; format=json for JSON */
  exportChatSession: {
    path: { session_id: string }
    query?: {
      format?: "markdown" | "json"
    }
    answer: ExportChatSessionAnswer
  }
  /** Answers a message: by switch, by a model, by madre, or by the gateway itself; says who it was */
  askOperatorChat: {
    headers?: {
      /** How long the caller still waits for an answer */
      'X-VX11-Deadline-Ms'?: string | readonly string[]
      /** no-cache or no-store asks anew */
      'Cache-Control'?: string | readonly string[]
    }
    body: AskOperatorChatBody
    answer: AskOperatorChatAnswer
  }
  /** Answers a message: by switch, by a model, by madre, or by the gateway itself; says who it was */
  askOperatorChatAsk: {
    headers?: {
      /** How long the caller still waits for an answer */
      'X-VX11-Deadline-Ms'?: string | readonly string[]
      /** no-cache or no-store asks anew */
      'Cache-Control'?: string | readonly string[]
    }
    body: AskOperatorChatAskBody
    answer: AskOperatorChatAskAnswer
  }
  /** The power window, at most 2 s old */
  getPowerWindowStatus: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: GetPowerWindowStatusAnswer
  }
  /** Opens the power window; wait=ready answers when its services do, or 202 after budget_seconds (25); extend=true lets use renew it */
  openPowerWindow: {
    query?: {
      wait?: "ready"
      budget_seconds?: number
      budget_sec?: number
      extend?: "true" | "false" | "1" | "0"
      max_ttl_seconds?: number
      max_ttl_sec?: number
    }
    body: OpenPowerWindowBody
    answer: OpenPowerWindowAnswer
  }
  /** Moves the deadline of the open window to ttl_seconds from now, never back; only the embedded madre can */
  extendPowerWindow: {
    body: ExtendPowerWindowBody
    answer: ExtendPowerWindowAnswer
  }
  /** Closes the power window; the body is ignored */
  closePowerWindow: {
    answer: ClosePowerWindowAnswer
  }
  /** Madre’s power state, at most 2 s old */
  getPowerState: {
    answer: GetPowerStateAnswer
  }
  /** What docker says of the services */
  getPowerStatus: {
    answer: GetPowerStatusAnswer
  }
  /** A power token of madre’s for the next minute */
  getPowerToken: {
    answer: GetPowerTokenAnswer
  }
  /** Whether madre finds itself alone */
  getSoloMadreStatus: {
    answer: GetSoloMadreStatusAnswer
  }
  /** Puts solo_madre in force; 202 when madre takes longer than a second */
  applySoloMadre: {
    answer: ApplySoloMadreAnswer
  }
  /** What madre would run to start a service; with apply, the confirmation and both power headers it does */
  startService: {
    path: { name: string }
    headers?: {
      /** Madre’s key, with apply */
      'X-VX11-Power-Key'?: string | readonly string[]
      /** A power token of the last minute, with apply */
      'X-VX11-Power-Token'?: string | readonly string[]
    }
    body?: StartServiceBody
    answer: StartServiceAnswer
  }
  /** What madre would run to stop a service; with apply, the confirmation and both power headers it does */
  stopService: {
    path: { name: string }
    headers?: {
      /** Madre’s key, with apply */
      'X-VX11-Power-Key'?: string | readonly string[]
      /** A power token of the last minute, with apply */
      'X-VX11-Power-Token'?: string | readonly string[]
    }
    body?: StopServiceBody
    answer: StopServiceAnswer
  }
  /** What madre would run to restart a service; with apply, the confirmation and both power headers it does */
  restartService: {
    path: { name: string }
    headers?: {
      /** Madre’s key, with apply */
      'X-VX11-Power-Key'?: string | readonly string[]
      /** A power token of the last minute, with apply */
      'X-VX11-Power-Token'?: string | readonly string[]
    }
    body?: RestartServiceBody
    answer: RestartServiceAnswer
  }
  /** The copies of the database that are there now, with their sizes */
  getBackups: {
    answer: GetBackupsAnswer
  }
  /** The run under way, on whatever instance, and what the last one found */
  getMaintenance: {
    answer: GetMaintenanceAnswer
  }
  /** Starts a run; the status shows its progress */
  startMaintenance: {
    body?: StartMaintenanceBody
    answer: StartMaintenanceAnswer
  }
  /** The ten services as last probed, at most 150 s ago; format=md gives the report that VX11's tools read */
  getRuntimeTruth: {
    query?: {
      format?: "json" | "md"
    }
    answer: GetRuntimeTruthAnswer
  }
  /** One service with its changes and its looks of the last two hours */
  getServiceTruth: {
    path: { service: string }
    answer: GetServiceTruthAnswer
  }
  /** When disk, write-ahead log, event queue and token budget will be used up, or why nobody can say */
  getForecasts: {
    answer: GetForecastsAnswer
  }
  /** The nine production gates, at most five minutes old; fresh=true runs them now */
  getGates: {
    query?: {
      fresh?: "true" | "false" | "1" | "0"
    }
    answer: GetGatesAnswer
  }
  /** How far VX11 is from its canon, as of the last audit; format=md gives the report */
  getDrift: {
    query?: {
      format?: "json" | "md"
    }
    answer: GetDriftAnswer
  }
  /** Audits VX11 against its canon now, and stores what changed */
  auditDrift: {
    answer: AuditDriftAnswer
  }
  /** Percentages of named checks, the figures of the database, services and gates */
  getScorecard: {
    answer: GetScorecardAnswer
  }
  /** The spawner’s health, its runs by status, and whether it may be used */
  getSpawnerStatus: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
    }
    answer: GetSpawnerStatusAnswer
  }
  /** Runs, newest first */
  getSpawnerRuns: {
    query?: {
      limit?: number
      offset?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: GetSpawnerRunsAnswer
  }
  /** Tells madre of a command and gives it to the spawner */
  submitSpawn: {
    headers?: {
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    body: SubmitSpawnBody
    answer: SubmitSpawnAnswer
  }
  /** Hormiguero’s own status */
  getOperatorHormigueroStatus: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    answer: GetOperatorHormigueroStatusAnswer
  }
  /** The newest incidents that hormiguero knows, 200 at most */
  getOperatorHormigueroIncidents: {
    query?: {
      status?: string | readonly string[]
      limit?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    answer: GetOperatorHormigueroIncidentsAnswer
  }
  /** One scan by hormiguero; the answer is its result */
  scanOnce: {
    headers?: {
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    answer: ScanOnceAnswer
  }
  /** Whether INEE is on, as hormiguero reports it */
  getIneeStatus: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    answer: GetIneeStatusAnswer
  }
  /** Hands a builder’s specification to hormiguero */
  buildPatchset: {
    headers?: {
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    body: BuildPatchsetBody
    answer: BuildPatchsetAnswer
  }
  /** Registers a remote colony */
  registerColony: {
    headers?: {
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    body: RegisterColonyBody
    answer: RegisterColonyAnswer
  }
  /** Seals a payload for a colony, `colony_id` */
  sealEnvelope: {
    headers?: {
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    body: SealEnvelopeBody
    answer: SealEnvelopeAnswer
  }
  /** Administrative acts, newest first: who, what, on what, before, after, and what came of it */
  listActs: {
    query?: {
      principal?: string | readonly string[]
      act?: string | readonly string[]
      target?: string | readonly string[]
      outcome?: "attempted" | "done" | "refused" | "failed"
      address?: string | readonly string[]
      correlation_id?: string | readonly string[]
      since?: string | readonly string[]
      until?: string | readonly string[]
      limit?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: ListActsAnswer
  }
  /** Audit runs, newest first */
  getAudits: {
    query?: {
      status?: "draft" | "approved" | "applied" | "rolled_back"
      limit?: number
      offset?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: GetAuditsAnswer
  }
  /** The same list, by its other name */
  getAuditRuns: {
    query?: {
      status?: "draft" | "approved" | "applied" | "rolled_back"
      limit?: number
      offset?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: GetAuditRunsAnswer
  }
  /** One audit run with its findings and the paths of its evidence */
  getAudit: {
    path: { id: string }
    answer: GetAuditAnswer
  }
  /** The run as a ZIP with its evidence; manifest.json says what became of each path */
  downloadAudit: {
    path: { id: string }
    answer: DownloadAuditAnswer
  }
  /** The rules in force */
  getRails: {
    query?: {
      limit?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: GetRailsAnswer
  }
  /** The lanes and their checks */
  getLanes: {
    query?: {
      limit?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: GetLanesAnswer
  }
  /** One lane, with the newest audits that name it */
  getLaneStatus: {
    path: { lane: string }
    answer: GetLaneStatusAnswer
  }
  /** All settings, each with the type that it was stored with */
  getSettings: {
    answer: GetSettingsAnswer
  }
  /** Stores each member of the body as a setting; all of them, or none */
  writeSettings: {
    body: WriteSettingsBody
    answer: WriteSettingsAnswer
  }
  /** Who changed what, newest first */
  getSettingsHistory: {
    query?: {
      key?: string | readonly string[]
      before?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
      limit?: number
    }
    answer: GetSettingsHistoryAnswer
  }
  /** Removes a setting */
  removeSetting: {
    path: { key: string }
    answer: RemoveSettingAnswer
  }
  /** All series of `period`, up to 31 days, in at most 372 buckets each; oldest first */
  getMetricBuckets: {
    query?: {
      period?: string | readonly string[]
    }
    answer: GetMetricBucketsAnswer
  }
  /** Measurements of the last hour, or of `period`, with their percentiles; newest first */
  getMetricSeries: {
    query?: {
      name?: string | readonly string[]
      module?: string | readonly string[]
      window_seconds?: number
      period?: string | readonly string[]
      limit?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: GetMetricSeriesAnswer
  }
  /** The newest events first; with follow=true or Accept: text/event-stream the live stream */
  listEvents: {
    query?: {
      type?: string | readonly string[]
      severity?: string | readonly string[]
      module?: string | readonly string[]
      correlation_id?: string | readonly string[]
      limit?: number
      offset?: number
      hours_back?: number
      before?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: ListEventsAnswer
  }
  /** A ticket that opens the stream within 60 seconds, for clients that cannot send headers */
  createSseTicket: {
    answer: CreateSseTicketAnswer
  }
  /** Recomputes the hash chain of a range, at most 5000 rows at a time, and names the first broken link */
  verifyLedger: {
    query?: {
      from?: number
      to?: number
      limit?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: VerifyLedgerAnswer
  }
  /** Stores one event; Idempotency-Key keeps a repeated request from storing it twice */
  ingestEvent: {
    headers?: {
      /** The same request again is stored once */
      'Idempotency-Key'?: string | readonly string[]
    }
    body: IngestEventBody
    answer: IngestEventAnswer
  }
  /** Stores up to 1000 events, a JSON list or one per line; each has its own result */
  ingestEvents: {
    headers?: {
      /** The same request again is stored once */
      'Idempotency-Key'?: string | readonly string[]
    }
    body: IngestEventsBody
    answer: IngestEventsAnswer
  }
  /** A ticket that opens /ws within 60 seconds, for clients that cannot send headers */
  createSocketTicket: {
    answer: CreateSocketTicketAnswer
  }
  /** The timeline of one correlation id: events, chat, routing, proxied requests and power windows */
  getCorrelationTimeline: {
    path: { id: string }
    answer: GetCorrelationTimelineAnswer
  }
  /** Correlations by their newest record: recent ones, or those that failed or were slow */
  listCorrelations: {
    query?: {
      show?: "recent" | "failed" | "slow"
      limit?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    answer: ListCorrelationsAnswer
  }
  /** One correlation as a tree with start, duration and outcome of each node, and why it went so */
  getCorrelation: {
    path: { id: string }
    answer: GetCorrelationAnswer
  }
  /** Events of the last 60 s by type, over all instances */
  getEventCardinality: {
    answer: GetEventCardinalityAnswer
  }
  /** The graph of related events of the last 300 s */
  getEventCorrelations: {
    answer: GetEventCorrelationsAnswer
  }
  /** Prometheus text format */
  getMetrics: {
    answer: GetMetricsAnswer
  }
  /** Command-line tools and models, as hermes reports them */
  getResources: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    answer: GetResourcesAnswer
  }
  /** An engine by its id, as hermes answers */
  getEngine: {
    headers?: {
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    body: GetEngineBody
    answer: GetEngineAnswer
  }
  /** Hands a prompt or a command to hermes */
  executeAtHermes: {
    headers?: {
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    body: ExecuteAtHermesBody
    answer: ExecuteAtHermesAnswer
  }
  /** Hormiguero’s own status */
  getHormigueroStatus: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    answer: GetHormigueroStatusAnswer
  }
  /** Hormiguero’s own status */
  getQueenStatus: {
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    answer: GetQueenStatusAnswer
  }
  /** The newest incidents that hormiguero knows, 200 at most */
  getHormigueroIncidents: {
    query?: {
      status?: string | readonly string[]
      limit?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    answer: GetHormigueroIncidentsAnswer
  }
  /** The newest incidents that hormiguero knows, 200 at most */
  getHormigueroReport: {
    query?: {
      status?: string | readonly string[]
      limit?: number
      /** The `next` of an earlier answer: the list goes on behind it */
      cursor?: string | readonly string[]
    }
    headers?: {
      /** max-age, in seconds: how old the measurements may be, 0.4 s at least */
      'Cache-Control'?: string | readonly string[]
      /** `1` wakes the module first, if it sleeps, for a token with scope admin or wake. */
      'X-VX11-Wake'?: "1"
    }
    answer: GetHormigueroReportAnswer
  }
  /** A login at the operator backend, where there is one that takes it */
  login: {
    body: LoginBody
    answer: LoginAnswer
  }
  /** Ends a login at the operator backend */
  logout: {
    answer: LogoutAnswer
  }
  /** Shub’s health, at most 60 s old; X-Cache and Age say how old */
  getShubHealth: {
    answer: GetShubHealthAnswer
  }
  /** Shub’s readiness as it reports it, at most 60 s old */
  getShubReadiness: {
    answer: GetShubReadinessAnswer
  }
  /** Shub’s own interface, at most 300 s old */
  getShubOpenApi: {
    answer: GetShubOpenApiAnswer
  }
  /** Shub’s health, readiness and status in one, each with the reason why it is missing */
  getShubDashboard: {
    answer: GetShubDashboardAnswer
  }
  /** Forgets what is cached of shub */
  clearShubCache: {
    answer: ClearShubCacheAnswer
  }
  /** What is left of the caller’s allowance */
  getShubRateLimit: {
    answer: GetShubRateLimitAnswer
  }
  /** This interface as an OpenAPI 3.1 document */
  getOpenApi: {
    answer: GetOpenApiAnswer
  }
}

/** The method and path of each. */
export const routes: Readonly<Record<keyof Operations, string>> = {
  getHealth: 'GET /health',
  getLiveness: 'GET /livez',
  getReadiness: 'GET /readyz',
  getVx11Status: 'GET /vx11/status',
  getVx11Overview: 'GET /vx11/overview',
  getSwitchStatus: 'GET /vx11/switch/status',
  getOperatorStatus: 'GET /operator/status',
  getSnapshot: 'GET /operator/snapshot',
  getObservation: 'GET /operator/observe',
  getCapabilities: 'GET /operator/capabilities',
  getOperatorApiStatus: 'GET /operator/api/status',
  listModules: 'GET /operator/api/modules',
  getModule: 'GET /operator/api/modules/{name}',
  getOperatorApiHealth: 'GET /operator/api/health',
  getTopology: 'GET /operator/api/topology',
  getCoreHealth: 'GET /api/internal/core-health',
  getDatabaseSummary: 'GET /vx11/db/summary',
  getCircuitBreakers: 'GET /vx11/circuit-breaker/status',
  getHermesHealth: 'GET /vx11/hermes/health',
  getHermesCatalog: 'GET /vx11/hermes/catalog',
  discoverAtHermes: 'POST /vx11/hermes/discover',
  pullModel: 'POST /vx11/hermes/models/pull',
  sendIntent: 'POST /vx11/intent',
  getResult: 'GET /vx11/result/{id}',
  getAgents: 'GET /vx11/agents',
  spawn: 'POST /vx11/spawn',
  openCoreWindow: 'POST /vx11/window/open',
  closeCoreWindow: 'POST /vx11/window/close',
  getCoreWindowStatus: 'GET /vx11/window/status/{target}',
  getWhoAmI: 'GET /operator/api/whoami',
  listKeys: 'GET /operator/api/keys',
  createKey: 'POST /operator/api/keys',
  getKey: 'GET /operator/api/keys/{id}',
  revokeKey: 'DELETE /operator/api/keys/{id}',
  updateKey: 'PATCH /operator/api/keys/{id}',
  rerollKey: 'POST /operator/api/keys/{id}/reroll',
  reloadConfiguration: 'POST /operator/api/config/reload',
  listWebhooks: 'GET /operator/api/webhooks',
  testWebhook: 'POST /operator/api/webhooks/{name}/test',
  getApiWindowStatus: 'GET /operator/api/window/status',
  openApiWindow: 'POST /operator/api/window/open',
  extendApiWindow: 'POST /operator/api/window/extend',
  closeApiWindow: 'POST /operator/api/window/close',
  listWindows: 'GET /operator/api/windows',
  getChatWindowStatus: 'GET /operator/api/chat/window/status',
  openChatWindow: 'POST /operator/api/chat/window/open',
  extendChatWindow: 'POST /operator/api/chat/window/extend',
  closeChatWindow: 'POST /operator/api/chat/window/close',
  askChat: 'POST /operator/api/chat',
  getChatUsage: 'GET /operator/api/chat/usage',
  getChatProviders: 'GET /operator/api/chat/providers',
  listChatSessions: 'GET /operator/api/chat/sessions',
  getChatMessage: 'GET /operator/api/chat/messages/{message_id}',
  judgeChatMessage: 'PUT /operator/api/chat/messages/{message_id}/thumb',
  getChatRotation: 'GET /operator/api/chat/rotation',
  pinChatModel: 'PUT /operator/api/chat/rotation/pin',
  unpinChatModel: 'DELETE /operator/api/chat/rotation/pin',
  freezeChatOrder: 'PUT /operator/api/chat/rotation/freeze',
  unfreezeChatOrder: 'DELETE /operator/api/chat/rotation/freeze',
  runChatCommand: 'POST /operator/api/chat/commands',
  assistDeepseekR1: 'POST /operator/api/assist/deepseek_r1',
  getAssistStatus: 'GET /operator/api/assist/deepseek_r1/status',
  sendTask: 'POST /operator/task',
  getChatSession: 'GET /operator/session/{session_id}',
  deleteChatSession: 'DELETE /operator/session/{session_id}',
  renameChatSession: 'PATCH /operator/session/{session_id}',
  exportChatSession: 'GET /operator/session/{session_id}/export',
  askOperatorChat: 'POST /operator/chat',
  askOperatorChatAsk: 'POST /operator/chat/ask',
  getPowerWindowStatus: 'GET /operator/power/window/status',
  openPowerWindow: 'POST /operator/power/window/open',
  extendPowerWindow: 'POST /operator/power/window/extend',
  closePowerWindow: 'POST /operator/power/window/close',
  getPowerState: 'GET /operator/power/state',
  getPowerStatus: 'GET /operator/power/status',
  getPowerToken: 'GET /operator/power/token',
  getSoloMadreStatus: 'GET /operator/power/policy/solo_madre/status',
  applySoloMadre: 'POST /operator/power/policy/solo_madre/apply',
  startService: 'POST /operator/power/service/{name}/start',
  stopService: 'POST /operator/power/service/{name}/stop',
  restartService: 'POST /operator/power/service/{name}/restart',
  getBackups: 'GET /operator/api/maintenance/backups',
  getMaintenance: 'GET /operator/api/maintenance',
  startMaintenance: 'POST /operator/api/maintenance',
  getRuntimeTruth: 'GET /operator/api/truth',
  getServiceTruth: 'GET /operator/api/truth/{service}',
  getForecasts: 'GET /operator/api/forecasts',
  getGates: 'GET /operator/api/gates',
  getDrift: 'GET /operator/api/drift',
  auditDrift: 'POST /operator/api/drift',
  getScorecard: 'GET /operator/api/scorecard',
  getSpawnerStatus: 'GET /operator/api/spawner/status',
  getSpawnerRuns: 'GET /operator/api/spawner/runs',
  submitSpawn: 'POST /operator/api/spawner/submit',
  getOperatorHormigueroStatus: 'GET /operator/api/hormiguero/status',
  getOperatorHormigueroIncidents: 'GET /operator/api/hormiguero/incidents',
  scanOnce: 'POST /operator/api/hormiguero/scan/once',
  getIneeStatus: 'GET /operator/inee/status',
  buildPatchset: 'POST /operator/inee/builder/patchset',
  registerColony: 'POST /operator/inee/colony/register',
  sealEnvelope: 'POST /operator/inee/colony/envelope',
  listActs: 'GET /operator/api/audit/acts',
  getAudits: 'GET /operator/api/audit',
  getAuditRuns: 'GET /operator/api/audit/runs',
  getAudit: 'GET /operator/api/audit/{id}',
  downloadAudit: 'GET /operator/api/audit/{id}/download',
  getRails: 'GET /operator/api/rails',
  getLanes: 'GET /operator/api/rails/lanes',
  getLaneStatus: 'GET /operator/api/rails/{lane}/status',
  getSettings: 'GET /operator/api/settings',
  writeSettings: 'POST /operator/api/settings',
  getSettingsHistory: 'GET /operator/api/settings/history',
  removeSetting: 'DELETE /operator/api/settings/{key}',
  getMetricBuckets: 'GET /operator/api/metrics/buckets',
  getMetricSeries: 'GET /operator/api/metrics',
  listEvents: 'GET /operator/api/events',
  createSseTicket: 'POST /operator/api/events/sse-token',
  verifyLedger: 'GET /operator/api/ledger/verify',
  ingestEvent: 'POST /events/ingest',
  ingestEvents: 'POST /events/ingest/batch',
  createSocketTicket: 'POST /operator/api/events/ws-token',
  getCorrelationTimeline: 'GET /operator/api/events/correlations/{id}',
  listCorrelations: 'GET /operator/api/correlations',
  getCorrelation: 'GET /operator/api/correlations/{id}',
  getEventCardinality: 'GET /debug/events/cardinality',
  getEventCorrelations: 'GET /debug/events/correlations',
  getMetrics: 'GET /metrics',
  getResources: 'GET /resources',
  getEngine: 'POST /hermes/get-engine',
  executeAtHermes: 'POST /hermes/execute',
  getHormigueroStatus: 'GET /hormiguero/status',
  getQueenStatus: 'GET /hormiguero/queen/status',
  getHormigueroIncidents: 'GET /hormiguero/incidents',
  getHormigueroReport: 'GET /hormiguero/report',
  login: 'POST /auth/login',
  logout: 'POST /auth/logout',
  getShubHealth: 'GET /shub/health',
  getShubReadiness: 'GET /shub/ready',
  getShubOpenApi: 'GET /shub/openapi.json',
  getShubDashboard: 'GET /shub/dashboard',
  clearShubCache: 'POST /shub/cache/clear',
  getShubRateLimit: 'GET /shub/rate-limit/status',
  getOpenApi: 'GET /openapi.json',
}
