/** The environment, read once into a typed Config; a bad one names every bad variable at once. */
import type { Principal } from './lib/principal.ts'

export const upstreamNames = [
  'madre',
  'switch',
  'shub',
  'hermes',
  'hormiguero',
  'manifestator',
  'mcp',
  'spawner',
  'operator',
] as const
export type UpstreamName = (typeof upstreamNames)[number]

/** Where an upstream lives. Dormant: not configured, and nothing is asked of it. */
export type UpstreamTarget =
  | { kind: 'url'; url: string }
  | { kind: 'binding'; binding: string }
  | { kind: 'embedded' }
  | { kind: 'dormant' }

export type LogLevelName = 'debug' | 'info' | 'warn' | 'error'

export interface Config {
  environment: 'production' | 'development'
  host: string
  port: number
  dataDir: string
  logLevel: LogLevelName
  principals: readonly Principal[]
  openV7Paths: boolean
  allowedOrigins: readonly string[]
  trustedProxies: number
  upstreams: Readonly<Record<UpstreamName, UpstreamTarget>>
  upstreamToken: string | null
  upstreamHeaders: Readonly<Partial<Record<UpstreamName, Readonly<Record<string, string>>>>>
  shubSharedSecret: string | null
  database: { url: string; authToken: string | null }
  redisUrl: string | null
  cache: { enabled: boolean; healthTtlMs: number }
  rateLimit: {
    enabled: boolean
    perMinute: { ip: number; public: number; user: number; protected: number; chat: number }
  }
  breaker: { failures: number; cooldownMs: number }
  maxBodyBytes: number
  chat: {
    allowDeepseek: boolean
    deepseekApiKey: string | null
    deepseekBaseUrl: string | null
    mockProviders: boolean
    timeoutMs: number
    switchLane: 'models' | 'full'
    localLlmUrl: string | null
    dailyTokens: number | null
  }
  codevEnabled: boolean
  controlEnabled: boolean
  features: { events: boolean; metrics: boolean; settings: boolean; audit: boolean; manifestator: boolean }
  gates: { hormiguero: boolean; shubniggurath: boolean; mcp: boolean; hormigueroBuilder: boolean }
  windowServices: readonly string[]
}
