"""What the operations take and give. Written by `npm run clients` from the OpenAPI document; not edited by hand."""

from __future__ import annotations

from typing import Any, Dict, List, Literal, TypedDict, Union


class ProblemDetailOr2Item(TypedDict):
    loc: List[Union[str, float]]
    msg: str
    type: str


class _Problem(TypedDict):
    type: str
    title: str
    detail: Union[str, List[ProblemDetailOr2Item]]
    error: str
    status_code: float
    correlation_id: str


class Problem(_Problem, total=False):
    trace_id: str
    retry_after: float
    status: Literal["OFF_BY_POLICY", "error", "ERROR", "rejected", "service_offline"]
    available_endpoints: List[str]
    message_length: float
    session_id: Union[str, None]
    error_code: str
    error_msg: str
    upstream_reason: str
    request_id: str
    purpose: Union[str, None]
    elapsed_ms: Union[float, None]
    policy: str
    service: str
    reason: str
    message: str
    hint: str
    recommended_action: str
    retry_after_ms: None
    timestamp: str
    mode: Literal["FALLBACK"]
    provider: None
    response: Dict[str, str]
    degraded: bool


class GetHealthAnswer(TypedDict):
    status: Literal["ok"]
    module: Literal["tentaculo_link"]
    version: str


class GetLivenessAnswer(TypedDict):
    status: Literal["alive"]
    version: str
    commit: Union[str, None]


class GetReadinessAnswerChecksValue(TypedDict):
    ok: bool
    latency_ms: float
    reason: Union[str, None]


class GetReadinessAnswer(TypedDict):
    status: Literal["ready", "degraded", "not_ready", "draining"]
    checks: Dict[str, GetReadinessAnswerChecksValue]


class GetVx11StatusAnswerModulesValue(TypedDict):
    module: str
    status: Literal["ok", "service_offline", "off_by_policy", "dormant"]
    up: bool
    version: Union[str, None]
    latency_ms: Union[float, None]
    checked_at: Union[str, None]
    reason: Union[str, None]
    reported: Union[Dict[str, Any], None]


class GetVx11StatusAnswerSummary(TypedDict):
    healthy_modules: float
    total_modules: float
    all_healthy: bool


class GetVx11StatusAnswer(TypedDict):
    ok: bool
    status: Literal["ok", "degraded"]
    degraded: bool
    reasons: List[str]
    module: Literal["tentaculo_link"]
    version: str
    timestamp: str
    ports: Dict[str, float]
    modules: Dict[str, GetVx11StatusAnswerModulesValue]
    summary: GetVx11StatusAnswerSummary
    mode: Literal["solo_madre", "windowed", "full"]
    policy: str
    madre_available: bool
    switch_available: bool
    spawner_available: bool
    correlation_id: str


class GetVx11OverviewAnswerSummary(TypedDict):
    total_modules: float
    healthy: float
    unhealthy: float


class GetVx11OverviewAnswer(TypedDict):
    status: Literal["ok", "degraded"]
    degraded: bool
    reasons: List[str]
    gateway: Literal["tentaculo_link"]
    version: str
    modules_health: Dict[str, GetVx11StatusAnswerModulesValue]
    summary: GetVx11OverviewAnswerSummary
    correlation_id: str


class GetSwitchStatusAnswer(TypedDict):
    status: Literal["healthy", "degraded", "off_by_policy", "dormant"]
    module: Literal["switch"]
    version: Union[str, None]
    routing_mode: Literal["active", "offline", "off_by_policy", "dormant"]
    circuit_breaker: Union[Literal["closed", "open", "half_open"], None]
    in_flight: Union[float, None]
    latency_ms: Union[float, None]
    checked_at: Union[str, None]
    reason: Union[str, None]
    timestamp: str
    correlation_id: str


class _GetOperatorStatusAnswerComponentsTentaculoLink(TypedDict):
    status: Literal["ok", "unreachable", "not_configured"]
    port: Union[float, None]
    latency_ms: Union[float, None]


class GetOperatorStatusAnswerComponentsTentaculoLink(_GetOperatorStatusAnswerComponentsTentaculoLink, total=False):
    error: str


class GetOperatorStatusAnswerComponentsSwitch(TypedDict):
    status: Literal["available", "offline", "off_by_policy", "not_configured"]
    port: Union[float, None]
    latency_ms: Union[float, None]
    reason: Union[str, None]


class GetOperatorStatusAnswerComponents(TypedDict):
    tentaculo_link: GetOperatorStatusAnswerComponentsTentaculoLink
    madre: GetOperatorStatusAnswerComponentsTentaculoLink
    redis: GetOperatorStatusAnswerComponentsTentaculoLink
    database: GetOperatorStatusAnswerComponentsTentaculoLink
    switch: GetOperatorStatusAnswerComponentsSwitch


class GetOperatorStatusAnswerWindows(TypedDict):
    policy: Literal["solo_madre", "windowed", "full"]
    active_count: Literal[0, 1]
    window_id: Union[str, None]
    services: List[str]


class GetOperatorStatusAnswer(TypedDict):
    status: Literal["ok", "degraded"]
    degraded: bool
    reasons: List[str]
    components: GetOperatorStatusAnswerComponents
    windows: GetOperatorStatusAnswerWindows
    correlation_id: str
    timestamp: str


class GetSnapshotAnswerWindow(TypedDict):
    window_id: Union[str, None]
    deadline: Union[str, None]
    services: List[str]


class GetSnapshotAnswer(TypedDict):
    timestamp: float
    measured_at: str
    status: Literal["ok", "degraded"]
    degraded: bool
    reasons: List[str]
    state: Any
    mode: Literal["solo_madre", "windowed", "full"]
    window: GetSnapshotAnswerWindow
    correlation_id: str


class GetObservationAnswerDataServicesValue(TypedDict):
    status: Literal["ok", "service_offline", "off_by_policy", "dormant"]
    module: str
    reason: Union[str, None]
    latency_ms: Union[float, None]
    timestamp: str


class GetObservationAnswerDataTrace(TypedDict):
    trace_id: str
    provider_id: str
    provider_name: Union[str, None]
    route_type: str
    timestamp: Union[str, None]


class GetObservationAnswerDataProvidersItem(TypedDict):
    name: str
    enabled: Union[bool, None]
    task_types: Union[str, None]
    tokens_used_today: Union[float, None]
    daily_limit_tokens: Union[float, None]


class GetObservationAnswerData(TypedDict):
    services: Dict[str, GetObservationAnswerDataServicesValue]
    timestamp: str
    trace: Union[GetObservationAnswerDataTrace, None]
    providers: List[GetObservationAnswerDataProvidersItem]


class _GetObservationAnswer(TypedDict):
    ok: bool
    request_id: str
    route_taken: Literal["GET /operator/observe"]
    status: Literal["ok", "degraded"]
    degraded: bool
    reasons: List[str]
    data: GetObservationAnswerData
    errors: List[str]
    correlation_id: str


class GetObservationAnswer(_GetObservationAnswer, total=False):
    provider_used: str


class _GetCapabilitiesAnswerDataFeaturesValue(TypedDict):
    status: Literal["on", "off", "dormant"]
    degraded: bool
    reason: Union[str, None]


class GetCapabilitiesAnswerDataFeaturesValue(_GetCapabilitiesAnswerDataFeaturesValue, total=False):
    provider: Union[str, None]
    requires_flag: str


class GetCapabilitiesAnswerDataDormantServicesItem(TypedDict):
    name: str
    port: float
    status: Literal["dormant", "archived", "off_by_policy"]
    reason: str
    activation: Union[str, None]


class GetCapabilitiesAnswerData(TypedDict):
    correlation_id: str
    operational_mode: Literal["solo_madre", "windowed", "full"]
    status: Literal["ok", "degraded"]
    degraded: bool
    reasons: List[str]
    features: Dict[str, GetCapabilitiesAnswerDataFeaturesValue]
    dormant_services: List[GetCapabilitiesAnswerDataDormantServicesItem]


class GetCapabilitiesAnswer(TypedDict):
    ok: bool
    data: GetCapabilitiesAnswerData
    timestamp: str


class GetOperatorApiStatusAnswerCoreServicesValue(TypedDict):
    status: Literal["UP", "DOWN", "OFF_BY_POLICY", "DORMANT", "ARCHIVED"]
    up: bool
    reason: Union[str, None]
    hint: Union[str, None]
    activation: Union[str, None]
    port: Union[float, None]
    latency_ms: Union[float, None]


class GetOperatorApiStatusAnswerCircuitBreaker(TypedDict):
    state: Literal["closed", "half_open", "open"]
    failure_count: float
    last_failure: Union[float, None]
    upstream: Union[str, None]


class GetOperatorApiStatusAnswerWindowActivityValue(TypedDict):
    requests: float
    streams: Union[float, None]
    sockets: float
    last_activity: Union[str, None]


class GetOperatorApiStatusAnswerWindow(TypedDict):
    mode: Literal["solo_madre", "window_active"]
    state: Literal["none", "opening", "open", "closing"]
    services: List[str]
    window_id: Union[str, None]
    deadline: Union[str, None]
    ttl_seconds: Union[float, None]
    activity: Dict[str, GetOperatorApiStatusAnswerWindowActivityValue]


class GetOperatorApiStatusAnswerLimiterWhenDown(TypedDict):
    reads: Literal["local"]
    changes: Literal["local"]
    admin_changes: Literal["refused"]


class GetOperatorApiStatusAnswerLimiter(TypedDict):
    enabled: bool
    shadow: bool
    store: Literal["memory", "redis", "durable_object"]
    status: Literal["UP", "DOWN", "OFF"]
    latency_ms: Union[float, None]
    reason: Union[str, None]
    when_down: GetOperatorApiStatusAnswerLimiterWhenDown


class GetOperatorApiStatusAnswerConfigurationLastReload(TypedDict):
    at: str
    outcome: Literal["applied", "unchanged", "refused"]
    problem: Union[str, None]


class GetOperatorApiStatusAnswerConfiguration(TypedDict):
    hash: str
    loaded_at: str
    last_reload: Union[GetOperatorApiStatusAnswerConfigurationLastReload, None]


class GetOperatorApiStatusAnswerDaughtersItem(TypedDict):
    id: float
    name: str
    status: Union[str, None]
    spawn_uuid: Union[str, None]
    started_at: Union[str, None]
    last_heartbeat_at: Union[str, None]


class GetOperatorApiStatusAnswerRecentEventsItem(TypedDict):
    event_id: str
    type: Union[str, None]
    severity: Union[str, None]
    module: Union[str, None]
    summary: Union[str, None]
    message: Union[str, None]
    correlation_id: Union[str, None]
    timestamp: Union[str, None]


class GetOperatorApiStatusAnswerDataSystemState(TypedDict):
    operational_mode: Literal["solo_madre", "windowed", "full"]
    policy_active: str
    degraded: bool


class GetOperatorApiStatusAnswerDataServicesItem(TypedDict):
    name: str
    status: Literal["up", "down", "off_by_policy", "dormant", "archived"]
    port: Union[float, None]
    role: str
    enabled_by_default: bool
    health_check_ms: Union[float, None]


class GetOperatorApiStatusAnswerDataDbHealth(TypedDict):
    status: Literal["ok", "unavailable"]
    latency_ms: float
    size_mb: Union[float, None]
    tables: Union[float, None]
    rows_total: Union[float, None]
    rows_counted_at: Union[str, None]
    integrity: Union[str, None]
    integrity_checked_at: Union[str, None]
    foreign_key_violations: Union[float, None]
    last_backup: Union[str, None]
    unmeasured: Dict[str, str]


class GetOperatorApiStatusAnswerDataDormantServicesItem(TypedDict):
    name: str
    port: float
    status: Literal["dormant", "archived"]
    activation: Union[str, None]


class GetOperatorApiStatusAnswerData(TypedDict):
    correlation_id: str
    system_state: GetOperatorApiStatusAnswerDataSystemState
    services: List[GetOperatorApiStatusAnswerDataServicesItem]
    features: Dict[str, GetCapabilitiesAnswerDataFeaturesValue]
    db_health: GetOperatorApiStatusAnswerDataDbHealth
    dormant_services: List[GetOperatorApiStatusAnswerDataDormantServicesItem]


class GetOperatorApiStatusAnswer(TypedDict):
    status: Literal["ok", "degraded"]
    degraded: bool
    reasons: List[str]
    ok: bool
    policy: Literal["solo_madre", "window_active"]
    mode: Literal["solo_madre", "windowed", "full"]
    core_services: Dict[str, GetOperatorApiStatusAnswerCoreServicesValue]
    optional_services: Dict[str, GetOperatorApiStatusAnswerCoreServicesValue]
    active_modules: List[str]
    off_by_policy: List[str]
    components: Dict[str, Union[bool, None]]
    circuit_breaker: GetOperatorApiStatusAnswerCircuitBreaker
    window: GetOperatorApiStatusAnswerWindow
    limiter: GetOperatorApiStatusAnswerLimiter
    configuration: GetOperatorApiStatusAnswerConfiguration
    daughters: List[GetOperatorApiStatusAnswerDaughtersItem]
    recent_events: List[GetOperatorApiStatusAnswerRecentEventsItem]
    errors: List[str]
    data: GetOperatorApiStatusAnswerData
    correlation_id: str
    timestamp: str


class ListModulesAnswerModulesValue(TypedDict):
    name: str
    status: Literal["UP", "DOWN", "OFF_BY_POLICY", "DORMANT", "ARCHIVED"]
    up: bool
    reason: Union[str, None]
    hint: Union[str, None]
    activation: Union[str, None]
    port: Union[float, None]
    latency_ms: Union[float, None]
    category: Literal["core", "optional", "archived"]
    role: str
    health: Union[Literal["healthy", "unhealthy"], None]
    version: Union[str, None]
    checked_at: Union[str, None]


class ListModulesAnswer(TypedDict):
    modules: Dict[str, ListModulesAnswerModulesValue]
    modules_list: List[ListModulesAnswerModulesValue]
    policy: Literal["solo_madre", "window_active"]
    status: Literal["ok", "degraded"]
    degraded: bool
    reasons: List[str]
    correlation_id: str
    timestamp: str


class GetModuleAnswer(TypedDict):
    name: str
    status: Literal["UP", "DOWN", "OFF_BY_POLICY", "DORMANT", "ARCHIVED"]
    up: bool
    reason: Union[str, None]
    hint: Union[str, None]
    activation: Union[str, None]
    port: Union[float, None]
    latency_ms: Union[float, None]
    category: Literal["core", "optional", "archived"]
    role: str
    health: Union[Literal["healthy", "unhealthy"], None]
    version: Union[str, None]
    checked_at: Union[str, None]
    module: ListModulesAnswerModulesValue
    correlation_id: str
    timestamp: str


class GetOperatorApiHealthAnswer(TypedDict):
    status: Literal["ok", "degraded"]
    degraded: bool
    reasons: List[str]
    module: Literal["tentaculo_link"]
    version: str
    services: Dict[str, Union[bool, None]]
    latencies_ms: Dict[str, Union[float, None]]
    correlation_id: str
    timestamp: str


class GetTopologyAnswerGraphNodesItem(TypedDict):
    id: str
    label: str
    status: Literal["UP", "DOWN", "OFF_BY_POLICY", "DORMANT", "ARCHIVED"]
    port: Union[float, None]
    type: Literal["core", "optional", "archived"]
    reason: Union[str, None]
    latency_ms: Union[float, None]

GetTopologyAnswerGraphEdgesItem = TypedDict("GetTopologyAnswerGraphEdgesItem", {"from": "str", "to": "str", "label": "str", "transport": "Literal[\"http\", \"binding\", \"embedded\", \"database\", \"redis\"]"})


class GetTopologyAnswerGraph(TypedDict):
    nodes: List[GetTopologyAnswerGraphNodesItem]
    edges: List[GetTopologyAnswerGraphEdgesItem]


class GetTopologyAnswer(TypedDict):
    policy: Literal["solo_madre", "window_active"]
    mode: Literal["solo_madre", "windowed", "full"]
    graph: GetTopologyAnswerGraph
    policy_note: str
    status: Literal["ok", "degraded"]
    degraded: bool
    reasons: List[str]
    correlation_id: str
    timestamp: str


class GetCoreHealthAnswerServicesValue(TypedDict):
    status: Literal["healthy", "unhealthy", "off_by_policy", "dormant"]
    reason: Union[str, None]
    latency_ms: Union[float, None]


class GetCoreHealthAnswer(TypedDict):
    status: Literal["ok", "degraded"]
    degraded: bool
    reasons: List[str]
    services: Dict[str, GetCoreHealthAnswerServicesValue]
    correlation_id: str
    timestamp: str


class GetDatabaseSummaryAnswerCounts(TypedDict):
    spawns: Union[float, None]
    tasks: Union[float, None]
    routing_events: Union[float, None]
    cli_providers: Union[float, None]
    cli_usage_stats: Union[float, None]
    daughters: Union[float, None]
    daughter_tasks: Union[float, None]
    daughter_attempts: Union[float, None]


class GetDatabaseSummaryAnswerLastSpawnsItem(TypedDict):
    uuid: str
    status: Union[str, None]
    created_at: Union[str, None]


class GetDatabaseSummaryAnswerLastRoutingEventsItem(TypedDict):
    trace_id: str
    route_type: str
    provider_id: str
    score: Union[float, None]
    created_at: Union[str, None]


class GetDatabaseSummaryAnswerDatabase(TypedDict):
    size_bytes: Union[float, None]
    tables: Union[float, None]
    rows: Union[float, None]
    rows_counted_at: Union[str, None]
    integrity: Union[str, None]
    integrity_checked_at: Union[str, None]
    unmeasured: Dict[str, str]
    measured_at: str


class GetDatabaseSummaryAnswer(TypedDict):
    counts: GetDatabaseSummaryAnswerCounts
    counted_at: Dict[str, str]
    last_spawns: List[GetDatabaseSummaryAnswerLastSpawnsItem]
    last_routing_events: List[GetDatabaseSummaryAnswerLastRoutingEventsItem]
    database: GetDatabaseSummaryAnswerDatabase
    correlation_id: str


class GetCircuitBreakersAnswerBreakersValueCause(TypedDict):
    code: str
    complaint: str
    at: float


class GetCircuitBreakersAnswerBreakersValueRetryBudget(TypedDict):
    requests: float
    retries: float
    remaining: float


class GetCircuitBreakersAnswerBreakersValueAddressesItemHealth(TypedDict):
    up: bool
    reason: Union[str, None]
    latency_ms: Union[float, None]
    checked_at: float


class GetCircuitBreakersAnswerBreakersValueAddressesItemTries(TypedDict):
    success: float
    failure: float
    unknown: float


class GetCircuitBreakersAnswerBreakersValueAddressesItem(TypedDict):
    url: str
    weight: float
    state: Literal["closed", "open", "half_open"]
    failure_count: float
    last_failure: Union[float, None]
    opened_until: Union[float, None]
    cause: Union[GetCircuitBreakersAnswerBreakersValueCause, None]
    in_flight: float
    sockets: float
    health: Union[GetCircuitBreakersAnswerBreakersValueAddressesItemHealth, None]
    tries: GetCircuitBreakersAnswerBreakersValueAddressesItemTries
    ejections: float


class GetCircuitBreakersAnswerBreakersValueHedges(TypedDict):
    after_ms: Union[float, None]
    sent: float
    won: float
    refused: float


class _GetCircuitBreakersAnswerBreakersValue(TypedDict):
    state: Literal["closed", "open", "half_open"]
    failure_count: float
    last_failure: Union[float, None]
    opened_until: Union[float, None]
    cause: Union[GetCircuitBreakersAnswerBreakersValueCause, None]
    in_flight: float
    max_in_flight: float
    retry_budget: GetCircuitBreakersAnswerBreakersValueRetryBudget


class GetCircuitBreakersAnswerBreakersValue(_GetCircuitBreakersAnswerBreakersValue, total=False):
    addresses: List[GetCircuitBreakersAnswerBreakersValueAddressesItem]
    last_resorts: float
    hedges: GetCircuitBreakersAnswerBreakersValueHedges


class GetCircuitBreakersAnswer(TypedDict):
    status: Literal["ok"]
    breakers: Dict[str, GetCircuitBreakersAnswerBreakersValue]
    timestamp: float


class GetHermesHealthAnswer(TypedDict):
    status: Literal["ok", "unhealthy", "unreachable", "dormant"]
    module: Literal["hermes"]
    version: Union[str, None]
    latency_ms: Union[float, None]
    checked_at: Union[str, None]
    reason: Union[str, None]
    correlation_id: str


class GetHermesCatalogAnswerCliProvidersItem(TypedDict):
    name: str
    base_url: Union[str, None]
    task_types: List[str]
    enabled: Union[bool, None]
    daily_limit_tokens: Union[float, None]
    monthly_limit_tokens: Union[float, None]
    tokens_used_today: Union[float, None]
    tokens_used_month: Union[float, None]
    updated_at: Union[str, None]


class GetHermesCatalogAnswerModelsItem(TypedDict):
    name: str
    size_mb: Union[float, None]
    category: Union[str, None]
    status: Union[str, None]
    compatibility: Union[str, None]
    downloaded_at: Union[str, None]
    updated_at: Union[str, None]


class _GetHermesCatalogAnswer(TypedDict):
    cli_providers: List[GetHermesCatalogAnswerCliProvidersItem]
    models: List[GetHermesCatalogAnswerModelsItem]
    degraded: bool
    correlation_id: str


class GetHermesCatalogAnswer(_GetHermesCatalogAnswer, total=False):
    error: Literal["database_unavailable"]


class DiscoverAtHermesBody(TypedDict, total=False):
    apply: bool
    allow_web: bool
    allow_download: bool

DiscoverAtHermesAnswer = Dict[str, Any]

PullModelBody = Dict[str, Any]

PullModelAnswer = Dict[str, Any]


class SendIntentBodyRequire(TypedDict, total=False):
    switch: bool
    spawner: bool


class SendIntentBody(TypedDict, total=False):
    intent_type: Literal["chat", "plan", "exec", "execute", "spawn"]
    text: Union[str, None]
    payload: Dict[str, Any]
    require: SendIntentBodyRequire
    priority: Literal["P0", "P1", "P2", "high", "medium", "normal", "low"]
    correlation_id: Union[str, None]
    user_id: str
    metadata: Union[Dict[str, Any], None]


class SendIntentAnswer(TypedDict):
    correlation_id: str
    status: Literal["QUEUED", "RUNNING", "WAITING", "DONE", "ERROR"]
    mode: str
    provider: Union[str, None]
    response: Any
    error: Union[str, None]
    degraded: bool
    timestamp: str


class GetResultAnswer(TypedDict):
    spawn_uuid: str
    spawn_id: str
    status: Literal["QUEUED", "RUNNING", "WAITING", "DONE", "ERROR", "UNKNOWN"]
    task_type: None
    exit_code: Union[float, None]
    stdout: Union[str, None]
    stderr: Union[str, None]
    created_at: Union[str, None]
    started_at: Union[str, None]
    finished_at: Union[str, None]
    correlation_id: str


class GetResultAnswerOr2(TypedDict):
    correlation_id: str
    status: Literal["QUEUED", "RUNNING", "WAITING", "DONE", "ERROR"]
    result: Any
    error: Union[str, None]
    mode: str
    provider: Union[str, None]
    timestamp: str

GetResultAnswer2 = Union[GetResultAnswer, GetResultAnswerOr2]


class GetAgentsAnswerAgentsItem(TypedDict):
    id: float
    spawn_uuid: Union[str, None]
    name: str
    purpose: Union[str, None]
    status: Union[str, None]
    started_at: Union[str, None]
    last_heartbeat_at: Union[str, None]
    ttl_seconds: Union[float, None]
    mutation_level: Union[float, None]


class _GetAgentsAnswer(TypedDict):
    agents: List[GetAgentsAnswerAgentsItem]
    total: float
    next: Union[str, None]
    window_open: bool
    spawner_available: bool
    degraded: bool
    correlation_id: str
    timestamp: str


class GetAgentsAnswer(_GetAgentsAnswer, total=False):
    error: Literal["database_unavailable"]


class _SpawnBody(TypedDict):
    task_type: str
    code: str


class SpawnBody(_SpawnBody, total=False):
    name: Union[str, None]
    task_name: Union[str, None]
    max_retries: int
    ttl_seconds: int
    user_id: Union[str, None]
    metadata: Union[Dict[str, Any], None]
    correlation_id: Union[str, None]


class SpawnAnswer(TypedDict):
    spawn_id: str
    spawn_uuid: str
    status: Literal["QUEUED"]
    task_type: str
    error: None
    created_at: str
    correlation_id: str


class _OpenCoreWindowBody(TypedDict):
    target: str


class OpenCoreWindowBody(_OpenCoreWindowBody, total=False):
    ttl_seconds: int
    reason: str


class OpenCoreWindowAnswerRenewal(TypedDict):
    ttl_seconds: float
    until: str


class OpenCoreWindowAnswerChange(TypedDict):
    state: Literal["opening", "closing", "working"]
    services: Union[List[str], None]
    reason: Union[str, None]


class _OpenCoreWindowAnswer(TypedDict):
    status: Literal["none", "opening", "open", "closing", "error"]
    mode: Literal["solo_madre", "window_active"]
    policy: Literal["solo_madre", "windowed", "full"]
    window_id: Union[str, None]
    created_at: Union[str, None]
    deadline: Union[str, None]
    ttl_remaining_sec: Union[float, None]
    ttl_seconds: Union[float, None]
    active_services: List[str]
    services: List[str]
    renewal: Union[OpenCoreWindowAnswerRenewal, None]
    activity: Dict[str, GetOperatorApiStatusAnswerWindowActivityValue]
    change: Union[OpenCoreWindowAnswerChange, None]
    degraded: bool
    health: Literal["ok", "degraded"]
    madre_status: Literal["UP", "DOWN", "DORMANT"]
    redis_status: Literal["UP", "DOWN", "DORMANT"]
    tentaculo_status: Literal["UP"]
    reason: Union[str, None]
    correlation_id: str
    state: Literal["open", "closed"]
    services_started: List[str]
    services_stopped: List[str]
    closed_at: Union[str, None]
    target: str
    is_open: bool
    ttl_remaining_seconds: Union[float, None]
    opened_at: Union[str, None]
    expires_at: Union[str, None]


class OpenCoreWindowAnswer(_OpenCoreWindowAnswer, total=False):
    ready: Dict[str, Union[bool, None]]


class CloseCoreWindowBody(TypedDict):
    target: str


class _CloseCoreWindowAnswer(TypedDict):
    status: Literal["none", "opening", "open", "closing", "error"]
    mode: Literal["solo_madre", "window_active"]
    policy: Literal["solo_madre", "windowed", "full"]
    window_id: Union[str, None]
    created_at: Union[str, None]
    deadline: Union[str, None]
    ttl_remaining_sec: Union[float, None]
    ttl_seconds: Union[float, None]
    active_services: List[str]
    services: List[str]
    renewal: Union[OpenCoreWindowAnswerRenewal, None]
    activity: Dict[str, GetOperatorApiStatusAnswerWindowActivityValue]
    change: Union[OpenCoreWindowAnswerChange, None]
    degraded: bool
    health: Literal["ok", "degraded"]
    madre_status: Literal["UP", "DOWN", "DORMANT"]
    redis_status: Literal["UP", "DOWN", "DORMANT"]
    tentaculo_status: Literal["UP"]
    reason: Union[str, None]
    correlation_id: str
    state: Literal["open", "closed"]
    services_started: List[str]
    services_stopped: List[str]
    closed_at: Union[str, None]
    target: str
    closed: Literal[True]
    was_open: Literal[True]


class CloseCoreWindowAnswer(_CloseCoreWindowAnswer, total=False):
    ready: Dict[str, Union[bool, None]]


class GetCoreWindowStatusAnswer(TypedDict):
    status: Literal["none", "opening", "open", "closing", "error"]
    mode: Literal["solo_madre", "window_active"]
    policy: Literal["solo_madre", "windowed", "full"]
    window_id: Union[str, None]
    created_at: Union[str, None]
    deadline: Union[str, None]
    ttl_remaining_sec: Union[float, None]
    ttl_seconds: Union[float, None]
    active_services: List[str]
    services: List[str]
    renewal: Union[OpenCoreWindowAnswerRenewal, None]
    activity: Dict[str, GetOperatorApiStatusAnswerWindowActivityValue]
    change: Union[OpenCoreWindowAnswerChange, None]
    degraded: bool
    health: Literal["ok", "degraded"]
    madre_status: Literal["UP", "DOWN", "DORMANT"]
    redis_status: Literal["UP", "DOWN", "DORMANT"]
    tentaculo_status: Literal["UP"]
    reason: Union[str, None]
    correlation_id: str
    target: str
    is_open: bool
    ttl_remaining_seconds: Union[float, None]
    opened_at: Union[str, None]
    expires_at: Union[str, None]


class GetWhoAmIAnswer(TypedDict):
    name: str
    scopes: List[Literal["operator", "shub", "ingest", "admin", "wake"]]
    control: bool
    correlation_id: str


class ListKeysAnswerKeysItem(TypedDict):
    id: str
    name: str
    prefix: str
    state: Literal["active", "expired", "revoked"]
    principal: str
    scopes: List[Literal["operator", "shub", "ingest", "admin", "wake"]]
    limits: Union[Dict[str, float], None]
    expires_at: Union[str, None]
    note: Union[str, None]
    created_at: str
    created_by: str
    last_used_at: Union[str, None]
    rerolled_at: Union[str, None]
    overlap_until: Union[str, None]
    revoked_at: Union[str, None]
    revoked_by: Union[str, None]


class ListKeysAnswer(TypedDict):
    keys: List[ListKeysAnswerKeysItem]
    total: float
    next: Union[str, None]
    correlation_id: str


class CreateKeyBodyLimits(TypedDict, total=False):
    user: int
    protected: int
    chat: int
    chat_principal: int


class _CreateKeyBody(TypedDict):
    name: str
    scopes: List[Literal["operator", "shub", "ingest", "admin", "wake"]]


class CreateKeyBody(_CreateKeyBody, total=False):
    limits: Union[CreateKeyBodyLimits, None]
    expires_at: Union[Union[str, float], None]
    note: Union[str, None]


class CreateKeyAnswer(TypedDict):
    id: str
    name: str
    prefix: str
    state: Literal["active", "expired", "revoked"]
    principal: str
    scopes: List[Literal["operator", "shub", "ingest", "admin", "wake"]]
    limits: Union[Dict[str, float], None]
    expires_at: Union[str, None]
    note: Union[str, None]
    created_at: str
    created_by: str
    last_used_at: Union[str, None]
    rerolled_at: Union[str, None]
    overlap_until: Union[str, None]
    revoked_at: Union[str, None]
    revoked_by: Union[str, None]
    key: Union[str, None]
    correlation_id: str

GetKeyAnswer = ListKeysAnswerKeysItem

RevokeKeyAnswer = ListKeysAnswerKeysItem


class UpdateKeyBody(TypedDict, total=False):
    name: str
    scopes: List[Literal["operator", "shub", "ingest", "admin", "wake"]]
    limits: Union[CreateKeyBodyLimits, None]
    expires_at: Union[Union[str, float], None]
    note: Union[str, None]

UpdateKeyAnswer = ListKeysAnswerKeysItem


class RerollKeyBody(TypedDict, total=False):
    overlap_seconds: int

RerollKeyAnswer = CreateKeyAnswer


class ReloadConfigurationAnswer(TypedDict):
    status: Literal["applied", "unchanged"]
    changed: List[str]
    needs_restart: List[str]
    hash: str
    loaded_at: str
    last_reload: Union[GetOperatorApiStatusAnswerConfigurationLastReload, None]
    correlation_id: str


class ListWebhooksAnswerWebhooksItemBacklog(TypedDict):
    messages: float
    events: float
    oldest_at: Union[str, None]


class ListWebhooksAnswerWebhooksItemLastDelivery(TypedDict):
    at: str
    webhook_id: str
    type: str
    status: float


class ListWebhooksAnswerWebhooksItemLastError(TypedDict):
    at: str
    webhook_id: str
    reason: str


class ListWebhooksAnswerWebhooksItem(TypedDict):
    name: str
    preset: Literal["json", "slack", "ntfy"]
    address: str
    signed: bool
    events: Union[List[str], None]
    min_severity: Literal["info", "warn", "critical"]
    state: Literal["ok", "failing", "dead"]
    position: Union[float, None]
    backlog: ListWebhooksAnswerWebhooksItemBacklog
    open: List[str]
    last_delivery: Union[ListWebhooksAnswerWebhooksItemLastDelivery, None]
    last_error: Union[ListWebhooksAnswerWebhooksItemLastError, None]
    failures: float
    next_try_at: Union[str, None]
    delivered: float
    given_up: float


class ListWebhooksAnswer(TypedDict):
    webhooks: List[ListWebhooksAnswerWebhooksItem]
    correlation_id: str


class TestWebhookAnswer(TypedDict):
    status: Literal["delivered"]
    name: str
    webhook_id: str
    http_status: Union[float, None]
    duration_ms: float
    correlation_id: str


class GetApiWindowStatusAnswerWoken(TypedDict):
    window_id: str
    by: Literal["request", "schedule"]
    name: str
    services: List[str]
    at: str
    idle_seconds: Union[float, None]


class GetApiWindowStatusAnswerSchedulesItemLast(TypedDict):
    due_at: str
    outcome: Literal["opened", "joined", "failed"]
    window_id: Union[str, None]
    reason: Union[str, None]


class GetApiWindowStatusAnswerSchedulesItem(TypedDict):
    name: str
    cron: str
    timezone: str
    services: List[str]
    ttl_seconds: float
    next_at: Union[str, None]
    last: Union[GetApiWindowStatusAnswerSchedulesItemLast, None]


class GetApiWindowStatusAnswer(TypedDict):
    status: Literal["none", "opening", "open", "closing", "error"]
    mode: Literal["solo_madre", "window_active"]
    policy: Literal["solo_madre", "windowed", "full"]
    window_id: Union[str, None]
    created_at: Union[str, None]
    deadline: Union[str, None]
    ttl_remaining_sec: Union[float, None]
    ttl_seconds: Union[float, None]
    active_services: List[str]
    services: List[str]
    renewal: Union[OpenCoreWindowAnswerRenewal, None]
    activity: Dict[str, GetOperatorApiStatusAnswerWindowActivityValue]
    change: Union[OpenCoreWindowAnswerChange, None]
    degraded: bool
    health: Literal["ok", "degraded"]
    madre_status: Literal["UP", "DOWN", "DORMANT"]
    redis_status: Literal["UP", "DOWN", "DORMANT"]
    tentaculo_status: Literal["UP"]
    reason: Union[str, None]
    correlation_id: str
    wake_enabled: bool
    woken: Union[GetApiWindowStatusAnswerWoken, None]
    schedules: List[GetApiWindowStatusAnswerSchedulesItem]


class _OpenApiWindowBody(TypedDict):
    services: List[Any]


class OpenApiWindowBody(_OpenApiWindowBody, total=False):
    ttl_seconds: Union[int, None]
    ttl_sec: Union[int, None]
    mode: Literal["ttl", "hold"]
    reason: str


class _OpenApiWindowAnswer(TypedDict):
    status: Literal["none", "opening", "open", "closing", "error"]
    mode: Literal["solo_madre", "window_active"]
    policy: Literal["solo_madre", "windowed", "full"]
    window_id: Union[str, None]
    created_at: Union[str, None]
    deadline: Union[str, None]
    ttl_remaining_sec: Union[float, None]
    ttl_seconds: Union[float, None]
    active_services: List[str]
    services: List[str]
    renewal: Union[OpenCoreWindowAnswerRenewal, None]
    activity: Dict[str, GetOperatorApiStatusAnswerWindowActivityValue]
    change: Union[OpenCoreWindowAnswerChange, None]
    degraded: bool
    health: Literal["ok", "degraded"]
    madre_status: Literal["UP", "DOWN", "DORMANT"]
    redis_status: Literal["UP", "DOWN", "DORMANT"]
    tentaculo_status: Literal["UP"]
    reason: Union[str, None]
    correlation_id: str
    state: Literal["open", "closed"]
    services_started: List[str]
    services_stopped: List[str]
    closed_at: Union[str, None]


class OpenApiWindowAnswer(_OpenApiWindowAnswer, total=False):
    ready: Dict[str, Union[bool, None]]


class OpenApiWindowAnswer2(TypedDict):
    status: Literal["pending"]
    state: Literal["opening", "open"]
    window_id: Union[str, None]
    ready: Dict[str, Union[bool, None]]
    status_url: str
    correlation_id: str

OpenApiWindowAnswer3 = Union[OpenApiWindowAnswer, OpenApiWindowAnswer2]


class ExtendApiWindowBody(TypedDict, total=False):
    ttl_seconds: int
    ttl_sec: int

ExtendApiWindowAnswer = OpenApiWindowAnswer

CloseApiWindowAnswer = OpenApiWindowAnswer


class ListWindowsAnswerWindowsItem(TypedDict):
    window_id: Union[str, None]
    state: Literal["opening", "open", "closing"]
    services: List[str]
    created_at: Union[str, None]
    deadline: Union[str, None]
    ttl_seconds: Union[float, None]
    renewal: Union[OpenCoreWindowAnswerRenewal, None]


class ListWindowsAnswer(TypedDict):
    status: Literal["none", "opening", "open", "closing", "error"]
    mode: Literal["solo_madre", "window_active"]
    policy: Literal["solo_madre", "windowed", "full"]
    window_id: Union[str, None]
    created_at: Union[str, None]
    deadline: Union[str, None]
    ttl_remaining_sec: Union[float, None]
    ttl_seconds: Union[float, None]
    active_services: List[str]
    services: List[str]
    renewal: Union[OpenCoreWindowAnswerRenewal, None]
    activity: Dict[str, GetOperatorApiStatusAnswerWindowActivityValue]
    change: Union[OpenCoreWindowAnswerChange, None]
    degraded: bool
    health: Literal["ok", "degraded"]
    madre_status: Literal["UP", "DOWN", "DORMANT"]
    redis_status: Literal["UP", "DOWN", "DORMANT"]
    tentaculo_status: Literal["UP"]
    reason: Union[str, None]
    correlation_id: str
    windows: List[ListWindowsAnswerWindowsItem]
    total: float
    next: None

GetChatWindowStatusAnswer = GetApiWindowStatusAnswer

OpenChatWindowBody = OpenApiWindowBody

OpenChatWindowAnswer = Union[OpenApiWindowAnswer, OpenApiWindowAnswer2]

ExtendChatWindowBody = ExtendApiWindowBody

ExtendChatWindowAnswer = OpenApiWindowAnswer

CloseChatWindowAnswer = OpenApiWindowAnswer


class _AskChatBody(TypedDict):
    message: str


class AskChatBody(_AskChatBody, total=False):
    session_id: Union[Union[Literal[""], str], None]
    user_id: Union[str, None]
    metadata: Union[Dict[str, Any], None]
    correlation_id: Union[str, None]
    stream: Union[bool, None]
    disable_fallbacks: Union[bool, None]


class AskChatAnswerUsage(TypedDict):
    prompt_tokens: Union[float, None]
    completion_tokens: Union[float, None]
    total_tokens: float


class AskChatAnswerDecision(TypedDict):
    reason: Literal["contract", "learned", "pinned", "frozen", "explored", "dry_run"]
    why: str
    order: List[str]
    would_order: Union[List[str], None]
    answered_by: Union[str, None]


class _AskChatAnswer(TypedDict):
    message_id: str
    session_id: str
    response: str
    message: str
    reply: str
    model: str
    model_used: str
    provider: str
    provider_used: str
    fallback_source: str
    status: Literal["ok", "degraded", "error", "interrupted"]
    degraded: bool
    reasoning: Union[str, None]
    latency_ms: float
    correlation_id: str
    cache_hit: bool
    warnings: List[str]
    finish_reason: Union[str, None]
    usage: Union[AskChatAnswerUsage, None]
    cost_usd: Union[float, None]
    stored: Union[bool, None]


class AskChatAnswer(_AskChatAnswer, total=False):
    decision: AskChatAnswerDecision
    intent_id: Any
    plan_id: Any
    mode: Any
    targets: Any
    actions: Any


class GetChatUsageAnswerModelsItem(TypedDict):
    model: str
    asked: float
    answered: float
    tokens: float


class GetChatUsageAnswerProvidersItem(TypedDict):
    provider: str
    asked: float
    answered: float
    tokens: float
    cost_usd: Union[float, None]


class GetChatUsageAnswer(TypedDict):
    principal: str
    day: str
    tokens_used: float
    tokens_limit: Union[float, None]
    tokens_left: Union[float, None]
    models: List[GetChatUsageAnswerModelsItem]
    providers: List[GetChatUsageAnswerProvidersItem]
    correlation_id: str


class GetChatProvidersAnswerProvidersItemLastFailure(TypedDict):
    kind: str
    reason: Union[str, None]
    at: str


class GetChatProvidersAnswerProvidersItemHere(TypedDict):
    answered: float
    failed: float
    mean_latency_ms: Union[float, None]


class GetChatProvidersAnswerProvidersItem(TypedDict):
    name: str
    kind: Literal["switch", "deepseek_r1", "mock", "local_llm", "madre", "local"]
    label: str
    configured: bool
    refusal: Union[str, None]
    circuit: Literal["closed", "open", "half_open"]
    cooling_until: Union[str, None]
    last_success_at: Union[str, None]
    last_failure: Union[GetChatProvidersAnswerProvidersItemLastFailure, None]
    here: GetChatProvidersAnswerProvidersItemHere
    stored: Union[GetChatProvidersAnswerProvidersItemHere, None]


class GetChatProvidersAnswer(TypedDict):
    providers: List[GetChatProvidersAnswerProvidersItem]
    timeout_ms: float
    switch_lane: Literal["models", "full"]
    correlation_id: str


class ListChatSessionsAnswerSessionsItem(TypedDict):
    session_id: str
    title: Union[str, None]
    created_at: Union[str, None]
    updated_at: Union[str, None]
    message_count: float


class ListChatSessionsAnswer(TypedDict):
    sessions: List[ListChatSessionsAnswerSessionsItem]
    next_before: Union[float, None]
    next: Union[str, None]
    correlation_id: str


class GetChatMessageAnswer(TypedDict):
    response: str
    message: str
    reply: str


class JudgeChatMessageBody(TypedDict):
    thumb: Union[Literal["up", "down"], None]


class JudgeChatMessageAnswer(TypedDict):
    message_id: str
    thumb: Union[Literal["up", "down"], None]
    counts_for: Union[str, None]
    correlation_id: str


class GetChatRotationAnswerPinned(TypedDict):
    model: str
    by: Union[str, None]
    at: str


class GetChatRotationAnswerFrozen(TypedDict):
    by: Union[str, None]
    at: str


class GetChatRotationAnswerChanged(TypedDict):
    at: str
    reason: str


class GetChatRotationAnswerModelsItem(TypedDict):
    model: str
    position: float
    reason: str
    below_floor: bool
    configured: bool
    worth: Union[float, None]
    worth_error: Union[float, None]
    success: Union[float, None]
    quality: Union[float, None]
    usefulness: Union[float, None]
    asked: float
    answered: float
    empties: float
    refusals: float
    thumbs_up: float
    thumbs_down: float
    first_token_ms: Union[float, None]
    tokens_per_s: Union[float, None]
    cost_usd: Union[float, None]


class GetChatRotationAnswer(TypedDict):
    mode: Literal["off", "dry-run", "on"]
    explore_pct: float
    window_hours: float
    order: List[str]
    contract_order: List[str]
    pinned: Union[GetChatRotationAnswerPinned, None]
    frozen: Union[GetChatRotationAnswerFrozen, None]
    changed: Union[GetChatRotationAnswerChanged, None]
    models: List[GetChatRotationAnswerModelsItem]
    correlation_id: str


class PinChatModelBody(TypedDict):
    model: str

PinChatModelAnswer = GetChatRotationAnswer

UnpinChatModelAnswer = GetChatRotationAnswer

FreezeChatOrderAnswer = GetChatRotationAnswer

UnfreezeChatOrderAnswer = GetChatRotationAnswer


class _RunChatCommandBody(TypedDict):
    command: str


class RunChatCommandBody(_RunChatCommandBody, total=False):
    args: Union[Dict[str, Any], None]
    message: Union[str, None]
    session_id: Union[Union[Literal[""], str], None]
    user_id: Union[str, None]
    correlation_id: Union[str, None]


class _RunChatCommandAnswer(TypedDict):
    session_id: str
    correlation_id: str
    command: Union[str, None]
    timestamp: str
    result: Literal["ok", "error", "off_by_policy"]


class RunChatCommandAnswer(_RunChatCommandAnswer, total=False):
    error: str
    window: Any
    modules: Any
    spawn: Any
    available_commands: List[str]


class _AssistDeepseekR1Body(TypedDict):
    prompt: str


class AssistDeepseekR1Body(_AssistDeepseekR1Body, total=False):
    purpose: str
    temperature: float
    max_tokens: Union[int, None]
    session_id: Union[str, None]


class AssistDeepseekR1Answer(TypedDict):
    status: Literal["ok"]
    request_id: str
    purpose: Literal["plan", "patch", "review", "risk_assessment"]
    model: str
    reasoning_content: Union[str, None]
    response: str
    tokens_used: Union[float, None]
    reasoning_tokens: Union[float, None]
    elapsed_ms: float
    correlation_id: str


class GetAssistStatusAnswer(TypedDict):
    status: Literal["enabled", "disabled"]
    configured: bool
    codev_enabled: bool
    rate_limit_per_hour: float
    calls_left: Union[float, None]
    max_tokens: float
    model: str
    purpose_options: List[str]


class _SendTaskBody(TypedDict):
    task_type: str
    payload: Dict[str, Any]


class SendTaskBody(_SendTaskBody, total=False):
    intent_type: Union[str, None]
    session_id: Union[Union[Literal[""], str], None]
    user_id: Union[str, None]
    metadata: Union[Dict[str, Any], None]
    provider_hint: Union[str, None]


class SendTaskAnswer(TypedDict):
    status: str


class GetChatSessionAnswerMessagesItem(TypedDict):
    message_id: str
    role: str
    content: str
    timestamp: Union[str, None]
    metadata: Dict[str, Any]


class GetChatSessionAnswer(TypedDict):
    session_id: str
    user_id: str
    title: Union[str, None]
    created_at: Union[str, None]
    updated_at: Union[str, None]
    message_count: float
    messages: List[GetChatSessionAnswerMessagesItem]
    has_more: bool
    next: Union[str, None]
    summary: str


class DeleteChatSessionAnswer(TypedDict):
    session_id: str
    deleted: Literal[True]
    messages_deleted: float


class RenameChatSessionBody(TypedDict):
    title: str

RenameChatSessionAnswer = ListChatSessionsAnswerSessionsItem

ExportChatSessionAnswer = str

AskOperatorChatBody = AskChatBody

AskOperatorChatAnswer = AskChatAnswer

AskOperatorChatAskBody = AskChatBody

AskOperatorChatAskAnswer = AskChatAnswer

GetPowerWindowStatusAnswer = GetApiWindowStatusAnswer

OpenPowerWindowBody = OpenApiWindowBody

OpenPowerWindowAnswer = Union[OpenApiWindowAnswer, OpenApiWindowAnswer2]

ExtendPowerWindowBody = ExtendApiWindowBody

ExtendPowerWindowAnswer = OpenApiWindowAnswer

ClosePowerWindowAnswer = OpenApiWindowAnswer


class GetPowerStateAnswerPowerWindow(TypedDict):
    policy: str
    window_id: Union[str, None]
    ttl_remaining: Union[float, None]
    running_services: List[str]


class GetPowerStateAnswer(TypedDict):
    status: Literal["ok", "service_offline"]
    policy: Literal["solo_madre", "windowed", "full"]
    window_id: Union[str, None]
    created_at: Union[str, None]
    deadline: Union[str, None]
    ttl_remaining_sec: Union[float, None]
    active_services: List[str]
    power_window: GetPowerStateAnswerPowerWindow
    degraded: bool
    reason: Union[str, None]
    correlation_id: str

GetPowerStatusAnswer = SendTaskAnswer


class GetPowerTokenAnswer(TypedDict):
    token: str

GetSoloMadreStatusAnswer = SendTaskAnswer


class ApplySoloMadreAnswer2(TypedDict):
    status: Literal["accepted"]
    policy: Literal["solo_madre"]
    message: str
    status_url: str
    correlation_id: str

ApplySoloMadreAnswer = Union[SendTaskAnswer, ApplySoloMadreAnswer2]


class StartServiceBody(TypedDict, total=False):
    apply: bool
    confirm: Union[str, None]


class StartServiceAnswer(TypedDict):
    status: Literal["plan", "ok"]
    apply: bool
    plan: List[Any]
    executed: List[Any]

StopServiceBody = StartServiceBody

StopServiceAnswer = StartServiceAnswer

RestartServiceBody = StartServiceBody

RestartServiceAnswer = StartServiceAnswer


class GetBackupsAnswerBackupsItem(TypedDict):
    file: str
    bytes: float
    created_at: str
    verifiable: bool
    archived: bool


class GetBackupsAnswer(TypedDict):
    backups: Union[List[GetBackupsAnswerBackupsItem], None]
    total_bytes: Union[float, None]
    keep: Union[float, None]
    reason: Union[Literal["kept_by_the_store", "folder_unreadable"], None]
    correlation_id: str


class GetMaintenanceAnswerRunProgressRows(TypedDict):
    done: float
    total: float


class GetMaintenanceAnswerRunProgressFinishedItem(TypedDict):
    step: Literal["quick_check", "integrity_check", "foreign_key_check", "backup", "backup_rotation", "retention", "wal_checkpoint", "optimize", "vacuum", "counts", "db_map"]
    status: Literal["ok", "found", "failed", "skipped"]
    duration_ms: float


class GetMaintenanceAnswerRunProgress(TypedDict):
    step: Literal["quick_check", "integrity_check", "foreign_key_check", "backup", "backup_rotation", "retention", "wal_checkpoint", "optimize", "vacuum", "counts", "db_map"]
    percent: float
    rows: Union[GetMaintenanceAnswerRunProgressRows, None]
    finished: List[GetMaintenanceAnswerRunProgressFinishedItem]


class GetMaintenanceAnswerRun(TypedDict):
    id: str
    trigger: Literal["weekly", "operator", "post_task", "command"]
    started_at: str
    here: bool
    progress: Union[GetMaintenanceAnswerRunProgress, None]


class GetMaintenanceAnswerLastStepsQuickCheckResult(TypedDict):
    verdict: str
    problems: List[str]


class GetMaintenanceAnswerLastStepsQuickCheck(TypedDict):
    status: Literal["ok", "found", "failed", "skipped"]
    duration_ms: float
    result: Union[GetMaintenanceAnswerLastStepsQuickCheckResult, None]
    reason: Union[str, None]


class GetMaintenanceAnswerLastStepsForeignKeyCheckResult(TypedDict):
    violations: float
    by_key: Dict[str, float]


class GetMaintenanceAnswerLastStepsForeignKeyCheck(TypedDict):
    status: Literal["ok", "found", "failed", "skipped"]
    duration_ms: float
    result: Union[GetMaintenanceAnswerLastStepsForeignKeyCheckResult, None]
    reason: Union[str, None]


class GetMaintenanceAnswerLastStepsBackupResult(TypedDict):
    file: str
    sha256: str
    bytes: float


class GetMaintenanceAnswerLastStepsBackup(TypedDict):
    status: Literal["ok", "found", "failed", "skipped"]
    duration_ms: float
    result: Union[GetMaintenanceAnswerLastStepsBackupResult, None]
    reason: Union[str, None]


class GetMaintenanceAnswerLastStepsBackupRotationResult(TypedDict):
    kept: List[str]
    archived: List[str]
    archived_total: float


class GetMaintenanceAnswerLastStepsBackupRotation(TypedDict):
    status: Literal["ok", "found", "failed", "skipped"]
    duration_ms: float
    result: Union[GetMaintenanceAnswerLastStepsBackupRotationResult, None]
    reason: Union[str, None]


class GetMaintenanceAnswerLastStepsRetentionResultTablesItem(TypedDict):
    table: str
    column: str
    days: float
    cutoff: str
    eligible: Union[float, None]
    unreadable: Union[float, None]
    deleted: float
    error: Union[str, None]


class _GetMaintenanceAnswerLastStepsRetentionResult(TypedDict):
    applied: bool
    eligible: float
    deleted: float
    remaining: float
    batches: float
    longest_write_ms: Union[float, None]
    tables: List[GetMaintenanceAnswerLastStepsRetentionResultTablesItem]


class GetMaintenanceAnswerLastStepsRetentionResult(_GetMaintenanceAnswerLastStepsRetentionResult, total=False):
    held: bool


class GetMaintenanceAnswerLastStepsRetention(TypedDict):
    status: Literal["ok", "found", "failed", "skipped"]
    duration_ms: float
    result: Union[GetMaintenanceAnswerLastStepsRetentionResult, None]
    reason: Union[str, None]


class GetMaintenanceAnswerLastStepsWalCheckpointResult(TypedDict):
    busy: bool
    log_pages: float
    checkpointed_pages: float


class GetMaintenanceAnswerLastStepsWalCheckpoint(TypedDict):
    status: Literal["ok", "found", "failed", "skipped"]
    duration_ms: float
    result: Union[GetMaintenanceAnswerLastStepsWalCheckpointResult, None]
    reason: Union[str, None]


class GetMaintenanceAnswerLastStepsOptimizeResult(TypedDict):
    statement: str
    tables: Union[float, None]


class GetMaintenanceAnswerLastStepsOptimize(TypedDict):
    status: Literal["ok", "found", "failed", "skipped"]
    duration_ms: float
    result: Union[GetMaintenanceAnswerLastStepsOptimizeResult, None]
    reason: Union[str, None]


class GetMaintenanceAnswerLastStepsVacuumResult(TypedDict):
    bytes_before: float
    bytes_after: float


class GetMaintenanceAnswerLastStepsVacuum(TypedDict):
    status: Literal["ok", "found", "failed", "skipped"]
    duration_ms: float
    result: Union[GetMaintenanceAnswerLastStepsVacuumResult, None]
    reason: Union[str, None]


class _GetMaintenanceAnswerLastStepsCountsResult(TypedDict):
    total_tables: float
    total_rows: float
    tables: Dict[str, float]


class GetMaintenanceAnswerLastStepsCountsResult(_GetMaintenanceAnswerLastStepsCountsResult, total=False):
    bytes: Union[Dict[str, float], None]


class GetMaintenanceAnswerLastStepsCounts(TypedDict):
    status: Literal["ok", "found", "failed", "skipped"]
    duration_ms: float
    result: Union[GetMaintenanceAnswerLastStepsCountsResult, None]
    reason: Union[str, None]


class GetMaintenanceAnswerLastStepsDbMapResult(TypedDict):
    files: List[str]


class GetMaintenanceAnswerLastStepsDbMap(TypedDict):
    status: Literal["ok", "found", "failed", "skipped"]
    duration_ms: float
    result: Union[GetMaintenanceAnswerLastStepsDbMapResult, None]
    reason: Union[str, None]


class GetMaintenanceAnswerLastSteps(TypedDict, total=False):
    quick_check: GetMaintenanceAnswerLastStepsQuickCheck
    integrity_check: GetMaintenanceAnswerLastStepsQuickCheck
    foreign_key_check: GetMaintenanceAnswerLastStepsForeignKeyCheck
    backup: GetMaintenanceAnswerLastStepsBackup
    backup_rotation: GetMaintenanceAnswerLastStepsBackupRotation
    retention: GetMaintenanceAnswerLastStepsRetention
    wal_checkpoint: GetMaintenanceAnswerLastStepsWalCheckpoint
    optimize: GetMaintenanceAnswerLastStepsOptimize
    vacuum: GetMaintenanceAnswerLastStepsVacuum
    counts: GetMaintenanceAnswerLastStepsCounts
    db_map: GetMaintenanceAnswerLastStepsDbMap


class GetMaintenanceAnswerLast(TypedDict):
    id: str
    trigger: Literal["weekly", "operator", "post_task", "command"]
    reason: Union[str, None]
    started_at: str
    finished_at: str
    duration_ms: float
    ok: bool
    store: Literal["file", "server", "d1"]
    path: Union[str, None]
    size_bytes: Union[float, None]
    steps: GetMaintenanceAnswerLastSteps


class GetMaintenanceAnswer(TypedDict):
    state: Literal["idle", "running"]
    run: Union[GetMaintenanceAnswerRun, None]
    last: Union[GetMaintenanceAnswerLast, None]
    next_full_run_at: Union[str, None]
    retention_allowed_at: Union[str, None]


class StartMaintenanceBody(TypedDict, total=False):
    apply: Union[bool, None]
    reason: Union[str, None]
    backup: bool
    vacuum: bool


class StartMaintenanceAnswer(TypedDict):
    id: str
    state: Literal["running"]
    status_url: str


class GetRuntimeTruthAnswerServicesItemLastHour(TypedDict):
    looks: float
    availability_pct: Union[float, None]
    p50_ms: Union[float, None]
    p95_ms: Union[float, None]


class GetRuntimeTruthAnswerServicesItemHoursItem(TypedDict):
    at: str
    ok: float
    broken: float
    asleep: float


class GetRuntimeTruthAnswerServicesItemPrediction(TypedDict):
    kind: Literal["latency", "relapses"]
    since: str
    usual: float
    seen: float


class GetRuntimeTruthAnswerServicesItem(TypedDict):
    service: str
    port: float
    status: Literal["OK", "BROKEN", "OFF_BY_POLICY", "UNKNOWN"]
    http_code: Union[float, None]
    latency_ms: Union[float, None]
    endpoint_ok: Union[str, None]
    snippet: Union[str, None]
    checked_at: str
    reason: Union[str, None]
    since: Union[str, None]
    last_hour: Union[GetRuntimeTruthAnswerServicesItemLastHour, None]
    last_24_hours: Union[GetRuntimeTruthAnswerServicesItemLastHour, None]
    last_7_days: Union[GetRuntimeTruthAnswerServicesItemLastHour, None]
    hours: Union[List[GetRuntimeTruthAnswerServicesItemHoursItem], None]
    hour_parts: Union[List[GetRuntimeTruthAnswerServicesItemHoursItem], None]
    week_parts: Union[List[GetRuntimeTruthAnswerServicesItemHoursItem], None]
    prediction: Union[GetRuntimeTruthAnswerServicesItemPrediction, None]


class GetRuntimeTruthAnswerSummary(TypedDict):
    total: float
    ok: float
    broken: float
    off_by_policy: float
    unknown: float


class GetRuntimeTruthAnswer(TypedDict):
    generated_at: str
    age_s: float
    history_missing: Union[Literal["database_unavailable", "not_recorded_yet"], None]
    correlation_id: str
    services: List[GetRuntimeTruthAnswerServicesItem]
    summary: GetRuntimeTruthAnswerSummary
    report_path: Union[str, None]

GetRuntimeTruthAnswer2 = Union[GetRuntimeTruthAnswer, str]

GetServiceTruthAnswerChangesItem = TypedDict("GetServiceTruthAnswerChangesItem", {"at": "str", "from": "Literal[\"OK\", \"BROKEN\", \"OFF_BY_POLICY\", \"UNKNOWN\"]", "to": "Literal[\"OK\", \"BROKEN\", \"OFF_BY_POLICY\", \"UNKNOWN\"]"})


class GetServiceTruthAnswerRecentItem(TypedDict):
    at: str
    status: Literal["OK", "BROKEN", "OFF_BY_POLICY", "UNKNOWN"]
    latency_ms: Union[float, None]


class GetServiceTruthAnswer(TypedDict):
    generated_at: str
    age_s: float
    history_missing: Union[Literal["database_unavailable", "not_recorded_yet"], None]
    correlation_id: str
    service: GetRuntimeTruthAnswerServicesItem
    changes: List[GetServiceTruthAnswerChangesItem]
    recent: List[GetServiceTruthAnswerRecentItem]


class GetForecastsAnswerForecastsItem(TypedDict):
    name: Literal["disk_full", "wal_growth", "event_backlog", "token_budget"]
    unit: str
    used: Union[float, None]
    limit: Union[float, None]
    per_hour: Union[float, None]
    at: Union[str, None]
    reason: Union[Literal["not_measured_yet", "not_measured_here", "unreadable", "no_limit", "too_few_samples", "not_shrinking", "resets_before"], None]
    raised: bool
    horizon_s: float
    principal: Union[str, None]


class GetForecastsAnswer(TypedDict):
    measured_at: Union[str, None]
    instance: str
    forecasts: List[GetForecastsAnswerForecastsItem]
    correlation_id: str


class GetGatesAnswerGatesItem(TypedDict):
    gate: Literal["database_integrity", "service_health", "configuration_secrets", "chat_answers", "maintenance_ran", "single_entrypoint", "flags", "degraded_fallback", "no_drift"]
    verdict: Literal["pass", "fail", "skip"]
    measured: str
    findings: List[str]
    action: Union[str, None]


class GetGatesAnswer(TypedDict):
    status: Literal["pass", "fail"]
    passed: float
    failed: float
    skipped: float
    gates: List[GetGatesAnswerGatesItem]
    checked_at: str
    correlation_id: str


class GetDriftAnswerAreasItem(TypedDict):
    area: Literal["routes", "services", "database", "flags", "contracts", "instances"]
    verdict: Literal["ok", "drift", "unknown"]
    checked: float
    drifts: float
    unknown: float


class GetDriftAnswerDriftsItem(TypedDict):
    area: Literal["routes", "services", "database", "flags", "contracts", "instances"]
    module: str
    subject: str
    expected: str
    actual: str
    severity: Literal["low", "medium", "high", "critical"]
    since: str
    current: bool


class GetDriftAnswerUnknownItem(TypedDict):
    area: Literal["routes", "services", "database", "flags", "contracts", "instances"]
    module: str
    reason: str


class GetDriftAnswer(TypedDict):
    status: Literal["ok", "incomplete", "drift", "never_audited"]
    audited_at: Union[str, None]
    age_s: Union[float, None]
    next_audit_at: Union[str, None]
    trigger: Union[Literal["weekly", "request"], None]
    version: Union[str, None]
    areas: List[GetDriftAnswerAreasItem]
    drifts: List[GetDriftAnswerDriftsItem]
    left_out: float
    unknown: List[GetDriftAnswerUnknownItem]
    report_path: Union[str, None]
    unrecorded: Union[Literal["database_unavailable"], None]
    correlation_id: str

GetDriftAnswer2 = Union[GetDriftAnswer, str]

AuditDriftAnswer = GetDriftAnswer


class GetScorecardAnswerPercentagesMetrics(TypedDict):
    Orden_fs_pct: Union[float, None]
    Coherencia_routing_pct: Union[float, None]
    Automatizacion_pct: Union[float, None]
    Autonomia_pct: Union[float, None]
    Global_ponderado_pct: Union[float, None]


class GetScorecardAnswerPercentagesChecksItem(TypedDict):
    metric: Literal["Orden_fs_pct", "Coherencia_routing_pct", "Automatizacion_pct", "Autonomia_pct"]
    check: str
    passed: Union[bool, None]
    found: str


class GetScorecardAnswerPercentages(TypedDict):
    generated_ts: str
    metrics: GetScorecardAnswerPercentagesMetrics
    weights: Dict[str, float]
    checks: List[GetScorecardAnswerPercentagesChecksItem]


class GetScorecardAnswerScorecard(TypedDict):
    generated_ts: str
    integrity: Union[str, None]
    integrity_checked_at: Union[str, None]
    total_tables: Union[float, None]
    total_rows: Union[float, None]
    rows_counted_at: Union[str, None]
    db_size_bytes: Union[float, None]
    backup_db_count: None
    backups_archived_count: None
    services: Dict[str, float]
    gates: Dict[str, float]
    unmeasured: Dict[str, str]


class GetScorecardAnswerFilesFound(TypedDict):
    percentages: Literal[True]
    scorecard: Literal[True]


class GetScorecardAnswer(TypedDict):
    percentages: GetScorecardAnswerPercentages
    scorecard: GetScorecardAnswerScorecard
    files_found: GetScorecardAnswerFilesFound
    availability: Dict[str, Union[float, None]]
    order_fs_pct: Union[float, None]
    coherencia_routing_pct: Union[float, None]
    automatizacion_pct: Union[float, None]
    autonomia_pct: Union[float, None]
    global_ponderado_pct: Union[float, None]
    correlation_id: str


class GetSpawnerStatusAnswerWindow(TypedDict):
    mode: Literal["solo_madre", "window_active"]
    window_id: Union[str, None]
    services: List[str]
    ttl_seconds: Union[float, None]


class GetSpawnerStatusAnswerHealth(TypedDict):
    up: bool
    version: Union[str, None]
    latency_ms: Union[float, None]
    reason: Union[str, None]


class GetSpawnerStatusAnswerSummary(TypedDict):
    runs_by_status: Dict[str, float]


class _GetSpawnerStatusAnswer(TypedDict):
    status: Literal["ok", "off_by_policy"]
    policy: Literal["solo_madre", "windowed", "full"]
    allowed: bool
    window: GetSpawnerStatusAnswerWindow
    message: Union[str, None]
    hint: Union[str, None]
    health: GetSpawnerStatusAnswerHealth
    summary: GetSpawnerStatusAnswerSummary
    degraded: bool
    correlation_id: str
    timestamp: str


class GetSpawnerStatusAnswer(_GetSpawnerStatusAnswer, total=False):
    error: Literal["database_unavailable"]


class GetSpawnerRunsAnswerRunsItem(TypedDict):
    id: float
    uuid: str
    name: str
    cmd: str
    status: Union[str, None]
    started_at: Union[str, None]
    ended_at: Union[str, None]
    exit_code: Union[float, None]
    parent_task_id: Union[str, None]
    created_at: Union[str, None]
    stdout_preview: Union[str, None]
    stderr_preview: Union[str, None]


class _GetSpawnerRunsAnswer(TypedDict):
    status: Literal["ok"]
    policy: Literal["solo_madre", "windowed", "full"]
    allowed: bool
    window: GetSpawnerStatusAnswerWindow
    runs: List[GetSpawnerRunsAnswerRunsItem]
    total: float
    limit: float
    offset: float
    next: Union[str, None]
    degraded: bool
    correlation_id: str
    timestamp: str


class GetSpawnerRunsAnswer(_GetSpawnerRunsAnswer, total=False):
    error: Literal["database_unavailable"]


class SubmitSpawnBody(TypedDict, total=False):
    cmd: Union[str, None]
    name: Union[str, None]
    task_name: Union[str, None]
    task_type: Union[str, None]
    description: Union[str, None]
    intent: str
    max_retries: int
    ttl_seconds: int
    metadata: Union[Dict[str, Any], None]


class SubmitSpawnAnswerSpawn(TypedDict):
    spawn_uuid: str


class SubmitSpawnAnswer(TypedDict):
    status: Literal["queued"]
    policy: str
    intent: Dict[str, Any]
    spawn: SubmitSpawnAnswerSpawn
    correlation_id: str


class GetOperatorHormigueroStatusAnswerOr2(TypedDict):
    status: Literal["off_by_policy"]
    module: str
    policy: Literal["solo_madre", "windowed", "full"]
    message: str
    reason: str
    hint: str
    window: GetSpawnerStatusAnswerWindow
    correlation_id: str


class GetOperatorHormigueroStatusAnswerOr2Or2(TypedDict):
    status: Literal["service_offline"]
    module: str
    error: str
    hint: Union[str, None]
    degraded: Literal[True]
    correlation_id: str

GetOperatorHormigueroStatusAnswer = Union[Dict[str, Any], Union[GetOperatorHormigueroStatusAnswerOr2, GetOperatorHormigueroStatusAnswerOr2Or2]]


class GetOperatorHormigueroIncidentsAnswer(TypedDict):
    status: Literal["ok"]
    incidents: List[Any]
    total: float
    limit: float
    next: Union[str, None]
    correlation_id: str


class GetOperatorHormigueroIncidentsAnswerOr2(TypedDict):
    status: Literal["off_by_policy"]
    module: str
    policy: Literal["solo_madre", "windowed", "full"]
    message: str
    reason: str
    hint: str
    window: GetSpawnerStatusAnswerWindow
    correlation_id: str
    incidents: List[Any]
    total: Literal[0]
    next: None


class GetOperatorHormigueroIncidentsAnswerOr3(TypedDict):
    status: Literal["service_offline"]
    module: str
    error: str
    hint: Union[str, None]
    degraded: Literal[True]
    correlation_id: str
    incidents: List[Any]
    total: Literal[0]
    next: None

GetOperatorHormigueroIncidentsAnswer2 = Union[GetOperatorHormigueroIncidentsAnswer, GetOperatorHormigueroIncidentsAnswerOr2, GetOperatorHormigueroIncidentsAnswerOr3]

ScanOnceAnswer = Dict[str, Any]


class _GetIneeStatusAnswer(TypedDict):
    status: str


class GetIneeStatusAnswer(_GetIneeStatusAnswer, total=False):
    enabled: bool

GetIneeStatusAnswer2 = Union[GetIneeStatusAnswer, Union[GetOperatorHormigueroStatusAnswerOr2, GetOperatorHormigueroStatusAnswerOr2Or2]]

BuildPatchsetBody = Dict[str, Any]

BuildPatchsetAnswer = Dict[str, Any]

RegisterColonyBody = Dict[str, Any]

RegisterColonyAnswer = Dict[str, Any]

SealEnvelopeBody = Dict[str, Any]

SealEnvelopeAnswer = Dict[str, Any]


class _ListActsAnswerActsItem(TypedDict):
    id: float
    at: Union[str, None]
    act: Literal["cache.clear", "chat.freeze", "chat.pin", "chat.unfreeze", "chat.unpin", "config.reload", "drift.audit", "hermes.discover", "hermes.pull_model", "hermes.execute", "hormiguero.scan", "inee.patchset", "inee.register_colony", "inee.seal_envelope", "intent.submit", "key.create", "key.update", "key.reroll", "key.revoke", "maintenance.start", "power.apply_solo_madre", "power.other", "power.restart_service", "power.start_service", "power.stop_service", "power.token", "settings.remove", "settings.write", "spawn.submit", "task.submit", "webhook.test", "window.close", "window.extend", "window.open", "window.wake"]
    target: Union[str, None]
    outcome: Literal["attempted", "done", "refused", "failed"]
    error: Union[str, None]
    principal: Union[str, None]
    key_name: Union[str, None]
    address: str
    before: Any
    after: Any
    correlation_id: str


class ListActsAnswerActsItem(_ListActsAnswerActsItem, total=False):
    repeated: float


class _ListActsAnswer(TypedDict):
    acts: List[ListActsAnswerActsItem]
    next: Union[str, None]
    degraded: bool
    correlation_id: str


class ListActsAnswer(_ListActsAnswer, total=False):
    error: Literal["database_unavailable"]


class GetAuditsAnswerRunsItem(TypedDict):
    audit_id: str
    run_ts: Union[str, None]
    timestamp: Union[str, None]
    status: Union[str, None]
    correlation_id: Union[str, None]
    summary: Union[str, None]
    reason: Union[Literal["plan_too_large", "plan_unreadable"], None]
    id: str
    run_id: str
    p0_count: Union[float, None]


class _GetAuditsAnswer(TypedDict):
    runs: List[GetAuditsAnswerRunsItem]
    total: float
    has_more: bool
    next: Union[str, None]
    degraded: bool
    correlation_id: str


class GetAuditsAnswer(_GetAuditsAnswer, total=False):
    error: Literal["database_unavailable", "feature_disabled"]
    flag: Literal["VX11_AUDIT_ENABLED"]

GetAuditRunsAnswer = GetAuditsAnswer


class GetAuditAnswer(TypedDict):
    audit_id: str
    run_ts: Union[str, None]
    timestamp: Union[str, None]
    status: Union[str, None]
    correlation_id: Union[str, None]
    summary: Union[str, None]
    reason: Union[Literal["plan_too_large", "plan_unreadable"], None]
    findings: Union[List[Any], None]
    artifacts: Union[List[str], None]
    applied_at: Union[str, None]
    applied_by: Union[str, None]

DownloadAuditAnswer = bytes


class GetRailsAnswerRailsItem(TypedDict):
    rail_id: str
    name: Union[str, None]
    description: Union[str, None]
    rule_type: Union[str, None]
    severity_on_violation: Union[str, None]
    active: Literal[1]
    created_at: Union[str, None]


class _GetRailsAnswer(TypedDict):
    rails: List[GetRailsAnswerRailsItem]
    count: float
    next: Union[str, None]
    degraded: bool
    correlation_id: str


class GetRailsAnswer(_GetRailsAnswer, total=False):
    error: Literal["database_unavailable"]


class GetRailsAnswerOr2(TypedDict):
    rails: List[Any]
    count: Literal[0]
    next: None
    error: Literal["feature_disabled"]
    flag: Literal["VX11_MANIFESTATOR_ENABLED"]
    correlation_id: str

GetRailsAnswer2 = Union[GetRailsAnswer, GetRailsAnswerOr2]


class GetLanesAnswerLanesItem(TypedDict):
    lane_id: str
    name: Union[str, None]
    description: Union[str, None]
    stage: Union[str, None]
    created_at: Union[str, None]
    checks: Union[List[Any], None]


class _GetLanesAnswer(TypedDict):
    lanes: List[GetLanesAnswerLanesItem]
    count: float
    next: Union[str, None]
    degraded: bool
    correlation_id: str


class GetLanesAnswer(_GetLanesAnswer, total=False):
    error: Literal["database_unavailable"]


class GetLanesAnswerOr2(TypedDict):
    lanes: List[Any]
    next: None
    error: Literal["feature_disabled"]
    flag: Literal["VX11_MANIFESTATOR_ENABLED"]
    correlation_id: str

GetLanesAnswer2 = Union[GetLanesAnswer, GetLanesAnswerOr2]


class GetLaneStatusAnswerAuditFindingsItem(TypedDict):
    audit_id: str
    correlation_id: Union[str, None]
    status: Union[str, None]
    run_ts: Union[str, None]
    patch_plan: Union[Dict[str, Any], None]
    reason: Union[Literal["plan_too_large", "plan_unreadable"], None]


class GetLaneStatusAnswer(TypedDict):
    lane_id: str
    name: Union[str, None]
    description: Union[str, None]
    stage: Union[str, None]
    created_at: Union[str, None]
    checks: Union[List[Any], None]
    status: Literal["ok"]
    audit_findings: List[GetLaneStatusAnswerAuditFindingsItem]


class GetLaneStatusAnswerOr2(TypedDict):
    lane_id: str
    status: Literal["disabled"]
    error: Literal["feature_disabled"]
    flag: Literal["VX11_MANIFESTATOR_ENABLED"]
    correlation_id: str

GetLaneStatusAnswer2 = Union[GetLaneStatusAnswer, GetLaneStatusAnswerOr2]


class _GetSettingsAnswer(TypedDict):
    settings: Dict[str, Any]
    appearance: Any
    chat: Any
    security: Any
    notifications: Any
    policy: Literal["solo_madre", "windowed", "full"]
    read_only: bool
    correlation_id: str
    degraded: bool


class GetSettingsAnswer(_GetSettingsAnswer, total=False):
    error: Literal["database_unavailable"]


class GetSettingsAnswerOr2(TypedDict):
    error: Literal["feature_disabled"]
    flag: Literal["VX11_SETTINGS_ENABLED"]
    settings: Dict[str, Any]
    correlation_id: str

GetSettingsAnswer2 = Union[GetSettingsAnswer, GetSettingsAnswerOr2]

WriteSettingsBody = Dict[str, Any]


class WriteSettingsAnswer(TypedDict):
    ok: Literal[True]
    status: Literal["ok"]
    updated_keys: List[str]
    changed_keys: List[str]
    settings: Dict[str, Any]
    correlation_id: str


class GetSettingsHistoryAnswerChangesItem(TypedDict):
    id: float
    key: str
    change: Literal["created", "updated", "removed"]
    before: Any
    after: Any
    by: Union[str, None]
    at: Union[str, None]
    correlation_id: Union[str, None]


class _GetSettingsHistoryAnswer(TypedDict):
    changes: List[GetSettingsHistoryAnswerChangesItem]
    has_more: bool
    next: Union[str, None]
    degraded: bool
    correlation_id: str


class GetSettingsHistoryAnswer(_GetSettingsHistoryAnswer, total=False):
    error: Literal["database_unavailable", "feature_disabled"]
    flag: Literal["VX11_SETTINGS_ENABLED"]


class RemoveSettingAnswer(TypedDict):
    ok: Literal[True]
    status: Literal["ok"]
    removed_key: str
    correlation_id: str


class GetMetricBucketsAnswerSeriesItemPointsItem(TypedDict):
    at: str
    count: float
    min: float
    mean: float
    max: float
    requests: Union[float, None]


class GetMetricBucketsAnswerSeriesItem(TypedDict):
    metric_name: str
    quantile: Union[str, None]
    unit: Literal["%", "GiB", "ms", "s", ""]
    points: List[GetMetricBucketsAnswerSeriesItemPointsItem]


class _GetMetricBucketsAnswer(TypedDict):
    window_seconds: float
    bucket_seconds: float
    series: List[GetMetricBucketsAnswerSeriesItem]
    degraded: bool
    correlation_id: str


class GetMetricBucketsAnswer(_GetMetricBucketsAnswer, total=False):
    error: Literal["database_unavailable"]


class GetMetricBucketsAnswerOr2(TypedDict):
    error: Literal["feature_disabled"]
    flag: Literal["VX11_METRICS_ENABLED"]
    series: List[Any]
    correlation_id: str

GetMetricBucketsAnswer2 = Union[GetMetricBucketsAnswer, GetMetricBucketsAnswerOr2]


class GetMetricSeriesAnswerMetricsItem(TypedDict):
    metric_id: str
    metric_name: Union[str, None]
    value: Union[float, None]
    module: Union[str, None]
    unit: Literal["%", "GiB", "ms", "s", ""]
    timestamp: Union[str, None]
    ts: Union[str, None]
    dimensions: Dict[str, Any]


class GetMetricSeriesAnswerStatisticsItem(TypedDict):
    metric_name: str
    quantile: Union[str, None]
    unit: Literal["%", "GiB", "ms", "s", ""]
    count: float
    min: float
    max: float
    avg: float
    p50: float
    p95: float
    p99: float


class _GetMetricSeriesAnswer(TypedDict):
    metrics: List[GetMetricSeriesAnswerMetricsItem]
    count: float
    has_more: bool
    next: Union[str, None]
    window_seconds: float
    statistics: List[GetMetricSeriesAnswerStatisticsItem]
    degraded: bool
    correlation_id: str


class GetMetricSeriesAnswer(_GetMetricSeriesAnswer, total=False):
    error: Literal["database_unavailable"]


class GetMetricSeriesAnswerOr2(TypedDict):
    error: Literal["feature_disabled"]
    flag: Literal["VX11_METRICS_ENABLED"]
    metrics: List[GetMetricSeriesAnswerMetricsItem]
    count: Literal[0]
    next: None
    correlation_id: str

GetMetricSeriesAnswer2 = Union[GetMetricSeriesAnswer, GetMetricSeriesAnswerOr2]


class ListEventsAnswerEventsItem(TypedDict):
    event_id: str
    id: str
    stream_id: float
    event_type: str
    type: str
    source: str
    summary: str
    module: Union[str, None]
    severity: Literal["info", "warn", "critical"]
    correlation_id: Union[str, None]
    payload: Dict[str, Any]
    created_at: str
    ts: str
    timestamp: float


class ListEventsAnswer(TypedDict):
    events: List[ListEventsAnswerEventsItem]
    total: float
    total_is_bound: bool
    limit: float
    offset: float
    has_more: bool
    next: Union[str, None]


class ListEventsAnswerOr2(TypedDict):
    error: Literal["feature_disabled"]
    flag: Literal["VX11_EVENTS_ENABLED"]
    status_code: Literal[503]
    events: List[Any]
    total: Literal[0]
    total_is_bound: Literal[False]
    has_more: Literal[False]
    next: None

ListEventsAnswer2 = Union[ListEventsAnswer, ListEventsAnswerOr2]


class CreateSseTicketAnswer(TypedDict):
    sse_token: str
    ttl_seconds: float
    ttl_sec: float
    expires_in_sec: float
    endpoint: str
    usage: str


class VerifyLedgerAnswerBroken(TypedDict):
    id: float
    fault: Literal["hash_mismatch", "payload_mismatch", "events_missing_from_ledger"]


class VerifyLedgerAnswer(TypedDict):
    status: Literal["intact", "broken", "more"]
    first: Union[float, None]
    last: Union[float, None]
    linked: float
    unlinked: float
    broken: Union[VerifyLedgerAnswerBroken, None]
    next: Union[str, None]


class _IngestEventBody(TypedDict):
    source: str
    type: str
    payload: Dict[str, Any]


class IngestEventBody(_IngestEventBody, total=False):
    broadcast: bool
    metadata: Union[Dict[str, Any], None]


class IngestEventAnswer(TypedDict):
    status: Literal["received"]
    event_id: str
    stream_id: float
    source: str
    type: str
    canonical: bool
    broadcast: bool

IngestEventsBody = List[IngestEventBody]


class IngestEventsAnswerResultsItemOr2(TypedDict):
    status: Literal["rejected"]
    reason: str
    detail: List[ProblemDetailOr2Item]


class IngestEventsAnswer(TypedDict):
    status: Literal["received", "partly_received", "rejected"]
    received: float
    rejected: float
    results: List[Union[IngestEventAnswer, IngestEventsAnswerResultsItemOr2]]


class CreateSocketTicketAnswer(TypedDict):
    ws_token: str
    ttl_seconds: float
    ttl_sec: float
    expires_in_sec: float
    endpoint: str
    usage: str


class GetCorrelationTimelineAnswerEntriesItem(TypedDict):
    kind: Literal["event"]
    at: Union[str, None]
    event_id: str
    stream_id: float
    type: str
    source: str
    severity: str
    module: Union[str, None]
    summary: str
    principal: Union[str, None]


class GetCorrelationTimelineAnswerEntriesItemOr2(TypedDict):
    kind: Literal["chat"]
    at: Union[str, None]
    message_id: Union[float, None]
    session_id: Union[str, None]
    role: str
    characters: float


class GetCorrelationTimelineAnswerEntriesItemOr3(TypedDict):
    kind: Literal["request"]
    at: Union[str, None]
    upstream: str
    summary: str


class GetCorrelationTimelineAnswerEntriesItemOr4(TypedDict):
    kind: Literal["routing"]
    at: Union[str, None]
    route_type: str
    provider: str
    summary: Union[str, None]


class GetCorrelationTimelineAnswerEntriesItemOr5(TypedDict):
    kind: Literal["window"]
    at: Union[str, None]
    module: str
    action: str
    summary: Union[str, None]
    principal: Union[str, None]


class GetCorrelationTimelineAnswerSearchedEvents(TypedDict):
    found: float
    complete: bool


class GetCorrelationTimelineAnswerSearched(TypedDict):
    events: GetCorrelationTimelineAnswerSearchedEvents
    chat: GetCorrelationTimelineAnswerSearchedEvents
    routing: GetCorrelationTimelineAnswerSearchedEvents
    windows: GetCorrelationTimelineAnswerSearchedEvents


class GetCorrelationTimelineAnswer(TypedDict):
    correlation_id: str
    entries: List[Union[GetCorrelationTimelineAnswerEntriesItem, GetCorrelationTimelineAnswerEntriesItemOr2, GetCorrelationTimelineAnswerEntriesItemOr3, GetCorrelationTimelineAnswerEntriesItemOr4, GetCorrelationTimelineAnswerEntriesItemOr5]]
    searched: GetCorrelationTimelineAnswerSearched


class ListCorrelationsAnswerCorrelationsItem(TypedDict):
    id: str
    at: Union[str, None]
    kind: Literal["request", "chat", "window", "routing"]
    name: str
    target: str
    status: Union[float, None]
    principal: Union[str, None]
    duration_ms: Union[float, None]
    outcome: Union[Literal["failed", "refused", "cancelled", "slow", "ok"], None]
    records: float


class ListCorrelationsAnswer(TypedDict):
    correlations: List[ListCorrelationsAnswerCorrelationsItem]
    next: Union[str, None]
    slow_ms: float
    correlation_id: str


class GetCorrelationAnswerBecause(TypedDict):
    code: Literal["failed", "refused", "cancelled", "slow", "all_well", "nothing_recorded"]
    node: Union[str, None]
    others: float


class GetCorrelationAnswerNodesItemDecisionsItem(TypedDict):
    code: Literal["not_sent", "retried", "circuit", "cached", "fell_back"]
    values: Dict[str, Union[str, float]]


class GetCorrelationAnswerNodesItem(TypedDict):
    id: str
    parent: Union[str, None]
    depth: float
    kind: Literal["request", "chat", "window", "routing", "step", "event"]
    name: str
    target: Union[str, None]
    start_ms: Union[float, None]
    duration_ms: Union[float, None]
    principal: Union[str, None]
    outcome: Union[Literal["ok", "refused", "cancelled", "failed", "skipped"], None]
    status: Union[float, None]
    error: Union[str, None]
    decision: Union[str, None]
    decisions: List[GetCorrelationAnswerNodesItemDecisionsItem]
    event_id: Union[float, None]
    severity: Union[str, None]


class GetCorrelationAnswer(TypedDict):
    id: str
    correlation_ids: List[str]
    trace_ids: List[str]
    started_at: Union[str, None]
    duration_ms: Union[float, None]
    outcome: Union[Literal["failed", "refused", "cancelled", "slow", "ok"], None]
    why: str
    because: GetCorrelationAnswerBecause
    nodes: List[GetCorrelationAnswerNodesItem]
    truncated: bool


class GetEventCardinalityAnswerEventsValue(TypedDict):
    count: float
    rate_per_min: float


class GetEventCardinalityAnswerOtherTypes(TypedDict):
    types: float
    count: float


class GetEventCardinalityAnswer(TypedDict):
    status: Literal["ok"]
    timestamp: float
    window_seconds: float
    events: Dict[str, GetEventCardinalityAnswerEventsValue]
    total_events: float
    other_types: GetEventCardinalityAnswerOtherTypes


class GetEventCorrelationsAnswerGraphNodesItem(TypedDict):
    id: str
    event_id: str
    type: str
    timestamp: float
    severity: str
    nature: Union[str, None]
    correlation_id: Union[str, None]

GetEventCorrelationsAnswerGraphEdgesItem = TypedDict("GetEventCorrelationsAnswerGraphEdgesItem", {"from": "str", "to": "str", "kind": "Literal[\"related\", \"same_correlation\"]", "strength": "Union[float, None]"})


class GetEventCorrelationsAnswerGraph(TypedDict):
    nodes: List[GetEventCorrelationsAnswerGraphNodesItem]
    edges: List[GetEventCorrelationsAnswerGraphEdgesItem]
    total_nodes: float
    total_edges: float


class GetEventCorrelationsAnswer(TypedDict):
    status: Literal["ok"]
    timestamp: float
    window_seconds: float
    graph: GetEventCorrelationsAnswerGraph
    truncated: bool

GetMetricsAnswer = str

GetResourcesAnswer = Union[Dict[str, Any], Union[GetOperatorHormigueroStatusAnswerOr2, GetOperatorHormigueroStatusAnswerOr2Or2]]

GetEngineBody = Dict[str, Any]

GetEngineAnswer = Dict[str, Any]

ExecuteAtHermesBody = Dict[str, Any]

ExecuteAtHermesAnswer = Dict[str, Any]

GetHormigueroStatusAnswer = Union[Dict[str, Any], Union[GetOperatorHormigueroStatusAnswerOr2, GetOperatorHormigueroStatusAnswerOr2Or2]]

GetQueenStatusAnswer = Union[Dict[str, Any], Union[GetOperatorHormigueroStatusAnswerOr2, GetOperatorHormigueroStatusAnswerOr2Or2]]

GetHormigueroIncidentsAnswer = Union[GetOperatorHormigueroIncidentsAnswer, GetOperatorHormigueroIncidentsAnswerOr2, GetOperatorHormigueroIncidentsAnswerOr3]

GetHormigueroReportAnswer = Union[GetOperatorHormigueroIncidentsAnswer, GetOperatorHormigueroIncidentsAnswerOr2, GetOperatorHormigueroIncidentsAnswerOr3]


class LoginBody(TypedDict):
    username: str
    password: str

LoginAnswer = Dict[str, Any]

LogoutAnswer = Dict[str, Any]


class _GetShubHealthAnswer(TypedDict):
    correlation_id: str


class GetShubHealthAnswer(_GetShubHealthAnswer, total=False):
    status: str

GetShubReadinessAnswer = Dict[str, Any]

GetShubOpenApiAnswer = Dict[str, Any]


class GetShubDashboardAnswer(TypedDict):
    status: Literal["ok", "degraded", "service_offline"]
    module: Literal["shub"]
    degraded: bool
    health: Union[Dict[str, Any], None]
    ready: Union[Dict[str, Any], None]
    state: Union[Dict[str, Any], None]
    reasons: Dict[str, Union[str, None]]
    correlation_id: str


class ClearShubCacheAnswer(TypedDict):
    status: Literal["cleared"]
    keys_deleted: float
    timestamp: float


class GetShubRateLimitAnswerRateLimit(TypedDict):
    enabled: Literal[False]


class GetShubRateLimitAnswerRateLimitOr2(TypedDict):
    enabled: Literal[True]
    identifier: str
    limit: float
    requests_in_window: float
    remaining: float
    ttl_seconds: float


class GetShubRateLimitAnswer(TypedDict):
    status: Literal["ok"]
    rate_limit: Union[GetShubRateLimitAnswerRateLimit, GetShubRateLimitAnswerRateLimitOr2]
    timestamp: float
    correlation_id: str


class GetOpenApiAnswerInfo(TypedDict):
    title: str
    version: str


class GetOpenApiAnswer(TypedDict):
    openapi: str
    info: GetOpenApiAnswerInfo
    paths: Dict[str, Any]
