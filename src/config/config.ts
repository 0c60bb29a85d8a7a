/** Reads the environment once into a typed Config; reports all invalid variables together. */

import { DatabaseUrlText, OriginsText, RedisUrlText } from './addresses.ts'
import { type ChatConfig, readChat } from './chat.ts'
import { type DrainConfig, readDrain } from './drain.ts'
import { ConfigError, type Environment, environment } from './environment/environment.ts'
import { type EnvironmentVariables, type ReadTextFile, readSources, type Sources } from './environment/sources.ts'
import type { KnownToken } from './principal.ts'
import { readAccess } from './principals.ts'
import { type BackupConfig, type RetentionConfig, readBackup, readRetention } from './retention.ts'
import { readStale, type StaleRules } from './stale.ts'
import { readTimelineConfig, type TimelineConfig } from './telemetry/timeline.ts'
import { readTracing, type TracingConfig } from './telemetry/tracing.ts'
import { readUpstreamIdle, type UpstreamIdle } from './upstreams/idle.ts'
import {
  HedgedText,
  readTargets,
  readUpstreamHeaders,
  type UpstreamHeaders,
  type UpstreamName,
  type UpstreamTargets,
} from './upstreams/targets.ts'
import {
  AnyText,
  BooleanText,
  CredentialText,
  FolderText,
  HostText,
  IntegerText,
  LogLevelText,
  QueryNamesText,
  ServiceNamesText,
  tokenText,
  WordText,
} from './values.ts'
import type { VariableName } from './variables.ts'
import { readWake, type WakeConfig } from './wake.ts'
import { readWebhooks, type WebhookConfig } from './webhooks/webhooks.ts'

export { ConfigError } from './environment/environment.ts'
export { redacted, secretVariables } from './environment/secret-variables.ts'
export {
  type ConfigProblem,
  type EnvironmentVariables,
  type ReadTextFile,
  readSources,
  type Sources,
} from './environment/sources.ts'
export { describeUnknown, type UnknownVariable, unknownVariables } from './environment/unknown-variables.ts'
export type { SamplerConfig, TracingConfig } from './telemetry/tracing.ts'
export {
  type ModelName,
  modelNames,
  type PeerName,
  type UpstreamName,
  type UpstreamTarget,
  upstreamNames,
  urlsOf,
} from './upstreams/targets.ts'
export { type ConfigVariable, configVariables } from './variables.ts'
export { type WebhookConfig, type WebhookPreset, webhookPresets } from './webhooks/webhooks.ts'

export type LogLevelName = 'debug' | 'info' | 'warn' | 'error'

/** https://developers.cloudflare.com/durable-objects/reference/data-location/ */
const locations = ['wnam', 'enam', 'sam', 'weur', 'eeur', 'apac', 'oc', 'afr', 'me'] as const

export interface Config {
  environment: 'production' | 'development'
  host: string
  port: number
  dataDir: string
  logLevel: LogLevelName
  /** Null: as standard output is. */
  logFormat: 'json' | 'pretty' | null
  logPaths: boolean
  /** Names of query parameters that lines of requests show. */
  logQuery: readonly string[]
  /** Null: no traces. */
  tracing: TracingConfig | null
  drain: DrainConfig
  knownTokens: readonly KnownToken[]
  openV7Paths: boolean
  allowedOrigins: readonly string[]
  trustedProxies: number
  trustCfConnectingIp: boolean
  cronEnabled: boolean
  /** A location hint of Cloudflare's; null lets the first request decide. */
  eventsLocation: (typeof locations)[number] | null
  upstreams: UpstreamTargets
  /** Those of several addresses whose slow reads are asked of a second one as well. */
  hedgedUpstreams: readonly UpstreamName[]
  upstreamToken: string | null
  upstreamHeaders: UpstreamHeaders
  shubSharedSecret: string | null
  /** The default URL is a `file:` one; the workerd entry uses its D1 binding then. */
  /** `maxBytes` is how large it may become where it is no file; null where that is not known. */
  database: { url: string; authToken: string | null; maxBytes: number | null }
  redisUrl: string | null
  cache: { enabled: boolean; healthTtlMs: number; stale: StaleRules }
  rateLimit: {
    enabled: boolean
    /** Counts and reports what would be refused, and refuses nothing. */
    isShadow: boolean
    perMinute: { ip: number; public: number; user: number; protected: number; chat: number; chat_principal: number }
  }
  upstreamIdle: UpstreamIdle
  breaker: { failures: number; cooldownMs: number }
  /** Per upstream. */
  maxInFlight: number
  maxBodyBytes: number
  chat: ChatConfig
  codevEnabled: boolean
  /** Serves /status to everybody. */
  statusPage: boolean
  controlEnabled: boolean
  features: { events: boolean; metrics: boolean; settings: boolean; audit: boolean; manifestator: boolean }
  gates: { hormiguero: boolean; shubniggurath: boolean; mcp: boolean; hormigueroBuilder: boolean }
  /** Maximum open streams per principal and instance. */
  eventStreams: number
  windowServices: readonly string[]
  wake: WakeConfig
  timeline: TimelineConfig
  retention: RetentionConfig
  backup: BackupConfig
  /** Folder of the files that audits name. */
  evidenceDir: string
  webhooks: readonly WebhookConfig[]
}

export interface ConfigReading {
  config: Config
  sources: Sources
}

/** Throws ConfigError, which lists all invalid variables without their values. */
export function readConfiguration(variables: EnvironmentVariables, readFile?: ReadTextFile): ConfigReading {
  const sources = readSources(variables, readFile)
  const env = environment(sources)
  const config = readConfig(env)
  if (env.problems.length > 0) throw new ConfigError(env.problems)
  return { config, sources }
}

/** For a command or an isolate, which read it once. */
export const parseConfig = (variables: EnvironmentVariables, readFile?: ReadTextFile): Config =>
  readConfiguration(variables, readFile).config

function readConfig(env: Environment): Config {
  const isTrue = (name: VariableName) => env.value(name, BooleanText)
  const dataDir = env.value('VX11_DATA_DIR', FolderText)
  const production = readEnvironmentName(env) === 'production'
  const windowServices = env.value('VX11_ALLOWED_WINDOW_SERVICES', ServiceNamesText)
  return {
    environment: production ? 'production' : 'development',
    host: env.value('HOST', HostText),
    port: env.value('PORT', IntegerText(0, 65_535)),
    dataDir,
    logLevel: env.value('LOG_LEVEL', LogLevelText),
    logFormat: env.optional('LOG_FORMAT', WordText(['json', 'pretty'])),
    logPaths: isTrue('VX11_LOG_PATHS'),
    logQuery: env.optional('VX11_LOG_QUERY', QueryNamesText) ?? [],
    tracing: readTracing(env),
    drain: readDrain(env, production),
    ...readAccess(env, production),
    openV7Paths: isTrue('VX11_V7_OPEN_PATHS'),
    allowedOrigins: env.optional('ALLOWED_ORIGINS', OriginsText) ?? [],
    trustedProxies: env.value('VX11_TRUST_PROXY', IntegerText(0, 32)),
    trustCfConnectingIp: isTrue('VX11_TRUST_CF_CONNECTING_IP'),
    cronEnabled: isTrue('VX11_CRON_ENABLED'),
    eventsLocation: env.optional('VX11_EVENTS_LOCATION', WordText(locations)),
    upstreams: readTargets(env),
    hedgedUpstreams: env.optional('VX11_HEDGED_UPSTREAMS', HedgedText) ?? [],
    upstreamHeaders: readUpstreamHeaders(env),
    upstreamIdle: readUpstreamIdle(env),
    shubSharedSecret: env.optional('VX11_TENTACULO_LINK_SHARED_SECRET', tokenText()),
    database: {
      url: env.optional('VX11_DATABASE_URL', DatabaseUrlText) ?? `file:${dataDir}/vx11.db`,
      authToken: env.optional('VX11_DATABASE_AUTH_TOKEN', CredentialText),
      maxBytes: env.optional('VX11_DATABASE_MAX_BYTES', IntegerText(2 ** 20, Number.MAX_SAFE_INTEGER)),
    },
    redisUrl: env.optional('VX11_REDIS_URL', RedisUrlText) ?? env.optional('REDIS_URL', RedisUrlText),
    ...readLimits(env),
    chat: readChat(env, production),
    codevEnabled: isTrue('VX11_OPERATOR_CODEV_ENABLED'),
    statusPage: isTrue('VX11_STATUS_PAGE'),
    controlEnabled: isTrue('VX11_OPERATOR_CONTROL_ENABLED'),
    features: {
      events: isTrue('VX11_EVENTS_ENABLED'),
      metrics: isTrue('VX11_METRICS_ENABLED'),
      settings: isTrue('VX11_SETTINGS_ENABLED'),
      audit: isTrue('VX11_AUDIT_ENABLED'),
      manifestator: isTrue('VX11_MANIFESTATOR_ENABLED'),
    },
    gates: {
      hormiguero: isTrue('HORMIGUERO_ENABLED'),
      shubniggurath: isTrue('SHUBNIGGURATH_ENABLED'),
      mcp: isTrue('MCP_ENABLED'),
      hormigueroBuilder: isTrue('HORMIGUERO_BUILDER_ENABLED'),
    },
    eventStreams: env.value('VX11_EVENT_STREAMS', IntegerText(1, 1_000_000)),
    windowServices,
    wake: readWake(env, windowServices),
    timeline: readTimelineConfig(env),
    retention: readRetention(env),
    backup: readBackup(env, dataDir),
    evidenceDir: env.optional('VX11_EVIDENCE_DIR', FolderText) ?? `${dataDir}/evidence`,
    webhooks: readWebhooks(env),
  }
}

function readEnvironmentName(env: Environment): Config['environment'] {
  const name = env.optional('VX11_ENV', WordText(['production', 'development']))
  return name ?? (env.optional('NODE_ENV', AnyText) === 'production' ? 'production' : 'development')
}

function readLimits(
  env: Environment,
): Pick<Config, 'cache' | 'rateLimit' | 'breaker' | 'maxInFlight' | 'maxBodyBytes'> {
  const perMinute = (name: VariableName) => env.value(name, IntegerText(1, 1_000_000))
  const seconds = (name: VariableName) => env.value(name, IntegerText(1, 86_400)) * 1000
  return {
    cache: {
      enabled: env.value('VX11_CACHE_ENABLED', BooleanText),
      healthTtlMs: seconds('VX11_CACHE_TTL_HEALTH'),
      stale: readStale(env),
    },
    rateLimit: {
      enabled: env.value('VX11_RATE_LIMIT_ENABLED', BooleanText),
      isShadow: env.value('VX11_RATE_LIMIT_SHADOW', BooleanText),
      perMinute: {
        ip: perMinute('VX11_RATE_LIMIT_IP'),
        public: perMinute('VX11_RATE_LIMIT_DEFAULT'),
        user: perMinute('VX11_RATE_LIMIT_USER'),
        protected: perMinute('VX11_RATE_LIMIT_PROTECTED'),
        chat: perMinute('VX11_RATE_LIMIT_CHAT'),
        chat_principal: perMinute('VX11_RATE_LIMIT_CHAT_PRINCIPAL'),
      },
    },
    breaker: {
      failures: env.value('VX11_BREAKER_FAILURES', IntegerText(1, 1000)),
      cooldownMs: seconds('VX11_BREAKER_COOLDOWN_S'),
    },
    maxInFlight: env.value('VX11_MAX_IN_FLIGHT', IntegerText(1, 100_000)),
    maxBodyBytes: env.value('VX11_MAX_BODY_BYTES', IntegerText(1, 2 ** 40)),
  }
}
