/** All environment variables with their defaults; a test keeps docs/configuration.md equal to this table. */

export interface ConfigVariable<Name extends string = string> {
  name: Name
  /** The value of an unset variable; null when it stays unset or derives from another variable. */
  fallback: string | null
  /** The default as the docs show it. */
  default: string
  meaning: string
  runtime: 'both' | 'node' | 'workerd'
}

/** A default that depends on another variable, described in words. */
interface Derived {
  text: string
}

function variable<const Name extends string>(
  name: Name,
  fallback: string | null | Derived,
  meaning: string,
  runtime: ConfigVariable['runtime'] = 'both',
): ConfigVariable<Name> {
  if (fallback === null) return { name, fallback, default: '-', meaning, runtime }
  if (typeof fallback === 'string') return { name, fallback, default: `\`${fallback}\``, meaning, runtime }
  return { name, fallback: null, default: fallback.text, meaning, runtime }
}

const windowServices =
  'tentaculo_link,switch,hermes,hormiguero,manifestator,mcp,shubniggurath,spawner,operator-backend,operator-frontend'

const dormant = { text: 'dormant' }
const target = 'an http(s) URL, several of them with weights (described below), or `binding:NAME` on workerd'
const logDays: Derived = { text: 'the log days of the profile' }

export const configVariables = [
  variable('PORT', '8000', 'port to listen on; 0 takes a free one', 'node'),
  variable('HOST', '127.0.0.1', 'address to listen on', 'node'),
  variable(
    'VX11_ENV',
    { text: '`production` if `NODE_ENV=production`, else `development`' },
    '`production` or `development`',
  ),
  variable('NODE_ENV', null, 'read only for the default of `VX11_ENV`'),
  variable(
    'VX11_DATA_DIR',
    './data',
    'folder of the local database, its backups and the token made on a first run',
    'node',
  ),
  variable(
    'VX11_DRAIN_DELAY_S',
    { text: '5 in production, else 0' },
    'seconds between a `SIGTERM` and the end of the listener: balancers see `/readyz` and turn away',
    'node',
  ),
  variable('VX11_DRAIN_TIMEOUT_S', '15', 'longest time of a stop in seconds, the delay included', 'node'),
  variable('VX11_ENV_FILE', null, 'a file of further variables, read again by a reload; described below', 'node'),
  variable('LOG_LEVEL', 'info', '`debug`, `info`, `warn` or `error`, any case'),
  variable(
    'LOG_FORMAT',
    { text: '`pretty` on a terminal, else `json`' },
    '`json`, one object per line for programs, or `pretty`, lines for people',
    'node',
  ),
  variable(
    'VX11_LOG_PATHS',
    'true',
    '`false` leaves the paths of requests, and with them the ids, out of the log and of traces',
  ),
  variable(
    'VX11_LOG_QUERY',
    null,
    'comma list of query parameters that the log shows with their values, such as `limit,since`; for [replay](cli.md#replaying-before-an-upgrade)',
  ),

  variable(
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    null,
    'http(s) URL of an OpenTelemetry collector, such as `http://localhost:4318`; without it there are no traces',
  ),
  variable(
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    { text: '`/v1/traces` below `OTEL_EXPORTER_OTLP_ENDPOINT`' },
    'the whole URL for traces',
  ),
  variable('OTEL_EXPORTER_OTLP_HEADERS', null, 'headers for the collector, `name=value,name=value`, percent-encoded'),
  variable('OTEL_EXPORTER_OTLP_PROTOCOL', { text: '`http/json`' }, '`http/json`, which every OTLP/HTTP port takes'),
  variable('OTEL_EXPORTER_OTLP_COMPRESSION', 'none', '`none` or `gzip`'),
  variable('OTEL_EXPORTER_OTLP_TIMEOUT', '10000', 'milliseconds for one try of a batch'),
  variable(
    'OTEL_SERVICE_NAME',
    { text: '`service.name` of `OTEL_RESOURCE_ATTRIBUTES`, else `tentaculo-link`' },
    'the name of the gateway in traces',
  ),
  variable('OTEL_RESOURCE_ATTRIBUTES', null, 'what every trace says of its origin, `key=value,key=value`'),
  variable(
    'OTEL_TRACES_SAMPLER',
    'parentbased_always_on',
    '`always_on`, `always_off` or `traceidratio`; with `parentbased_` in front the caller decides, where it sends a trace',
  ),
  variable('OTEL_TRACES_SAMPLER_ARG', '1', 'share of the traces that `traceidratio` records, 0 to 1'),
  variable(
    'OTEL_BSP_SCHEDULE_DELAY',
    '5000',
    'milliseconds that spans wait for others before they are sent; at most 1000 on workerd',
  ),
  variable('OTEL_BSP_MAX_QUEUE_SIZE', '2048', 'spans that wait at most; further ones are dropped and counted'),
  variable('OTEL_SDK_DISABLED', 'false', '`true` turns traces off whatever else is set'),

  variable('VX11_TENTACULO_LINK_TOKEN', null, 'token of the principal `link`, with every scope'),
  variable(
    'VX11_GATEWAY_TOKEN',
    null,
    'token of the principal `gateway`, scope `shub`; every scope if `VX11_TENTACULO_LINK_TOKEN` is unset',
  ),
  variable('VX11_OPERATOR_TOKEN', null, 'token of the principal `operator`, scope `operator`'),
  variable('VX11_TOKENS', null, 'JSON list of named principals, described below'),
  variable('VX11_V7_OPEN_PATHS', 'false', 'opens again what VX11 v7 left without a token'),
  variable(
    'ALLOWED_ORIGINS',
    null,
    "origins for CORS and WebSockets, comma list or JSON list, no wildcard; for VX11's own consoles `http://localhost:8011,http://localhost:8020`, or the host that they are opened from",
  ),
  variable(
    'VX11_TRUST_CF_CONNECTING_IP',
    'true',
    "`false` where no Cloudflare network stands in front and `CF-Connecting-IP` is the caller's word",
    'workerd',
  ),
  variable('VX11_CRON_ENABLED', 'true', '`false` refuses cron runs; `npm run dev:worker` sets it', 'workerd'),
  variable(
    'VX11_EVENTS_LOCATION',
    null,
    'where the events object is made: `wnam`, `enam`, `sam`, `weur`, `eeur`, `apac`, `oc`, `afr` or `me`; near the database',
    'workerd',
  ),
  variable('VX11_TRUST_PROXY', '0', 'proxies in front whose `X-Forwarded-For` is believed, 0 to 32', 'node'),

  variable('MADRE_URL', 'embedded', `${target}, or \`embedded\``),
  variable('SWITCH_URL', dormant, target),
  variable('SHUB_URL', dormant, target),
  variable('VX11_SHUB_UPSTREAM', null, 'another name for `SHUB_URL`; set one, or both alike'),
  variable('HERMES_URL', dormant, target),
  variable('HORMIGUERO_URL', dormant, target),
  variable('MANIFESTATOR_URL', dormant, target),
  variable('MCP_URL', dormant, target),
  variable('SPAWNER_URL', dormant, target),
  variable('OPERATOR_URL', dormant, target),
  variable(
    'VX11_HEDGED_UPSTREAMS',
    { text: 'none' },
    'upstreams with several addresses whose slow `GET` and `HEAD` are sent to a second one, comma list',
  ),
  variable(
    'VX11_UPSTREAM_TOKEN',
    { text: 'the link token, else the gateway token' },
    'sent to upstreams as `X-VX11-Token`',
  ),
  variable('VX11_UPSTREAM_HEADERS', null, 'JSON object of extra headers for each upstream, described below'),
  variable('VX11_TENTACULO_LINK_SHARED_SECRET', null, 'signs the requests for the entry guard of shub'),
  variable(
    'VX11_BREAKER_FAILURES',
    '5',
    'failures in a row, over a second or more, that open the breaker of an upstream',
  ),
  variable(
    'VX11_BREAKER_COOLDOWN_S',
    '60',
    'longest cool-down of a breaker in seconds; the first lasts one, each failed probe doubles it',
  ),
  variable('VX11_EVENT_STREAM_IDLE_S', '300', 'seconds that an event stream of an upstream may be silent', 'node'),
  variable(
    'VX11_UPSTREAM_IDLE',
    null,
    'JSON object of seconds that other bodies of upstreams may be silent (30), such as `{"shub": 60, "switch POST /switch/task": 120}`',
    'node',
  ),
  variable('VX11_MAX_IN_FLIGHT', '256', 'requests in flight to one upstream; more are refused'),
  variable('VX11_MAX_BODY_BYTES', '1073741824', 'largest body that is proxied, in bytes'),

  variable(
    'VX11_DATABASE_URL',
    { text: '`vx11.db` in `VX11_DATA_DIR`; on workerd the D1 binding `DB`' },
    '`file:` path, `libsql://` or http(s) URL; the query may hold `tls` only',
  ),
  variable('VX11_DATABASE_AUTH_TOKEN', null, 'token for a remote libSQL server'),
  variable(
    'VX11_DATABASE_MAX_BYTES',
    { text: 'that of D1: `10000000000`; of a libSQL server unknown' },
    'how large a database that is no file may become, for its forecast; 500000000 for D1 on the free plan',
  ),
  variable(
    'VX11_REDIS_URL',
    { text: '`REDIS_URL`' },
    '`redis://` or `rediss://` URL of the shared cache and limiter',
    'node',
  ),
  variable('REDIS_URL', null, 'read when `VX11_REDIS_URL` is unset', 'node'),
  variable('VX11_CACHE_ENABLED', 'true', 'the health cache'),
  variable('VX11_CACHE_TTL_HEALTH', '60', 'seconds that a cached health answer lives'),
  variable(
    'VX11_STALE_ANSWERS',
    { text: 'never stale' },
    'JSON object of the views that may be served after their time, described below',
  ),

  variable('VX11_RATE_LIMIT_ENABLED', 'true', 'all request limits'),
  variable(
    'VX11_RATE_LIMIT_SHADOW',
    'false',
    'request limits count and report what they would refuse, and refuse nothing',
  ),
  variable('VX11_RATE_LIMIT_IP', '5000', 'requests per minute of one address'),
  variable('VX11_RATE_LIMIT_DEFAULT', '1000', 'requests per minute of one address to public routes'),
  variable('VX11_RATE_LIMIT_USER', '1000', 'requests per minute of one principal'),
  variable('VX11_RATE_LIMIT_PROTECTED', '100', 'proxied requests per minute of one principal'),
  variable('VX11_RATE_LIMIT_CHAT', '10', 'chat messages per minute in one session'),
  variable('VX11_RATE_LIMIT_CHAT_PRINCIPAL', '60', 'chat messages per minute of one principal, over all its sessions'),

  variable('VX11_CHAT_ALLOW_DEEPSEEK', '0', 'lets the chat ask DeepSeek when switch gives no answer'),
  variable('DEEPSEEK_API_KEY', null, "the key; `not-set`, the default of v7's compose file, counts as unset"),
  variable('DEEPSEEK_BASE_URL', { text: "the provider's own" }, 'http(s) URL'),
  variable('VX11_MOCK_PROVIDERS', 'false', 'a deterministic mock in the place of DeepSeek; refused in production'),
  variable('VX11_CHAT_TIMEOUT_MS', '4500', 'milliseconds for the whole chat chain'),
  variable('VX11_SWITCH_CHAT_LANE', 'models', '`models` or `full`; the full lane of switch can run text in a shell'),
  variable('VX11_LOCAL_LLM_URL', null, 'http(s) URL of an OpenAI-compatible server, up to and with `/v1`'),
  variable('VX11_LOCAL_LLM_MODEL', { text: 'the first that it lists' }, 'the model to ask for there'),
  variable('VX11_CHAT_MODELS', null, 'JSON object of several models for one endpoint, described below'),
  variable(
    'VX11_CHAT_ROTATION',
    'off',
    '`on` orders the models of the chat by what was learned of them, `dry-run` only says how ([rotation.md](rotation.md))',
  ),
  variable(
    'VX11_CHAT_EXPLORE_PCT',
    '5',
    'messages in a hundred that another model than the first answers, to learn of it; 0 to 20',
  ),
  variable('VX11_CHAT_DAILY_TOKENS', null, 'model tokens that one principal may use in a day'),
  variable('VX11_CHAT_RETENTION_DAYS', null, 'days without a message after which a conversation is deleted'),
  variable('VX11_CHAT_PRICES', null, 'JSON object of US dollars for a million tokens by model, described below'),
  variable('VX11_OPERATOR_CODEV_ENABLED', '0', 'the DeepSeek R1 assist route'),

  variable(
    'VX11_OPERATOR_CONTROL_ENABLED',
    'true',
    '`false` is observer mode: every change through the gateway answers 403, but for what security.md lists',
  ),
  variable('VX11_STATUS_PAGE', 'false', 'the public status page at `/status` and its badges'),
  variable('VX11_EVENTS_ENABLED', 'true', 'the events routes'),
  variable('VX11_EVENT_STREAMS', '1000', 'event streams that one principal may hold open at one instance'),
  variable(
    'VX11_WEBHOOKS',
    null,
    'JSON list of where notifications go, described in [notifications.md](notifications.md)',
  ),
  variable('VX11_METRICS_ENABLED', 'true', 'the metrics routes'),
  variable('VX11_SETTINGS_ENABLED', 'true', 'the settings routes'),
  variable('VX11_AUDIT_ENABLED', 'true', 'the audit routes'),
  variable('VX11_MANIFESTATOR_ENABLED', 'true', 'the rails routes'),
  variable(
    'VX11_EVIDENCE_DIR',
    { text: '`evidence` in `VX11_DATA_DIR`' },
    'folder of the files that audits name; nothing outside of it is ever packed',
    'node',
  ),
  variable('HORMIGUERO_ENABLED', 'false', 'counts as a window on hormiguero that is always open'),
  variable('SHUBNIGGURATH_ENABLED', 'false', 'counts as a window on shub that is always open'),
  variable('MCP_ENABLED', 'false', 'counts as a window on mcp that is always open'),
  variable(
    'HORMIGUERO_BUILDER_ENABLED',
    'false',
    'counts as a window on the builder of hormiguero that is always open',
  ),
  variable('VX11_ALLOWED_WINDOW_SERVICES', windowServices, 'services that a window may hold, comma list or JSON list'),
  variable('VX11_WAKE_ENABLED', 'false', 'lets requests with `X-VX11-Wake: 1` open a window, for scope admin or wake'),
  variable('VX11_WAKE_IDLE_S', '600', 'seconds without use after which a window that a request opened ends, from 60'),
  variable('VX11_WAKE_MAX_S', '3600', 'seconds after which it ends however much it is used'),
  variable('VX11_WAKE_TIMEOUT_S', '30', 'seconds that a request waits for the module that it wakes, 1 to 300'),
  variable('VX11_WAKE_PER_HOUR', '12', 'windows that requests may open in an hour, over all instances'),
  variable(
    'VX11_WINDOW_SCHEDULES',
    null,
    'windows that open by the clock, a JSON list; described in [windows.md](windows.md#schedules)',
  ),

  variable(
    'VX11_TIMELINE_SHARE',
    '1',
    'share of the work under a correlation id of its caller that is recorded though it neither failed nor was slow, 0 to 1',
  ),
  variable('VX11_TIMELINE_SLOW_MS', '2000', 'milliseconds from which work is slow, and recorded in any case'),
  variable(
    'VX11_TIMELINE_ROWS',
    '1000000',
    'records of timelines that are kept, beside their days; older ones are deleted',
  ),

  variable(
    'VX11_RETENTION_PROFILE',
    { text: '`low_power` if `ULTRA_LOW_MEMORY` is true, else `default`' },
    '`default` or `low_power`: which log days apply',
  ),
  variable('ULTRA_LOW_MEMORY', 'false', 'read only for the default of `VX11_RETENTION_PROFILE`'),
  variable('VX11_RETENTION_LOG_DAYS', '30', 'days that log rows are kept, profile `default`'),
  variable('VX11_RETENTION_LOG_DAYS_LOW_POWER', '7', 'days that log rows are kept, profile `low_power`'),
  variable('VX11_RETENTION_INCIDENTS_DAYS', '90', 'days for the table `incidents`'),
  variable('VX11_RETENTION_MODEL_USAGE_STATS_DAYS', '90', 'days for the table `model_usage_stats`'),
  variable('VX11_RETENTION_PHEROMONE_LOG_DAYS', logDays, 'days for the table `pheromone_log`'),
  variable('VX11_RETENTION_INTENTS_LOG_DAYS', logDays, 'days for the table `intents_log`'),
  variable('VX11_RETENTION_IA_DECISIONS_DAYS', logDays, 'days for the table `ia_decisions`'),
  variable('VX11_RETENTION_ROUTING_EVENTS_DAYS', logDays, 'days for the table `routing_events`'),
  variable('VX11_RETENTION_CLI_USAGE_STATS_DAYS', logDays, 'days for the table `cli_usage_stats`'),
  variable('VX11_RETENTION_SYSTEM_EVENTS_DAYS', logDays, 'days for the table `system_events`'),
  variable('VX11_RETENTION_SCHEDULER_HISTORY_DAYS', logDays, 'days for the table `scheduler_history`'),
  variable(
    'VX11_RETENTION_AUTO_APPLY_MIB',
    '500',
    'database size in MiB from which maintenance applies retention unasked',
  ),
  variable(
    'VX11_RETENTION_ALLOWED',
    'false',
    'lets maintenance apply retention unasked to a database whose plan no operator has let it apply yet',
  ),
  variable('VX11_BACKUP_DIR', { text: '`backups` in `VX11_DATA_DIR`' }, 'folder of the database backups', 'node'),
  variable('VX11_BACKUP_KEEP', '2', 'newest backups that stay; older ones move to `archived` beside them', 'node'),
] as const

export type VariableName = (typeof configVariables)[number]['name']
