/** Which variables hold secrets, whole or in part, and how their values may be shown. */
import type { VariableName } from '../variables.ts'

/** In the place of a secret, whatever its length. */
const hidden = '********'

export const secretVariables: ReadonlySet<VariableName> = new Set([
  'VX11_TENTACULO_LINK_TOKEN',
  'VX11_GATEWAY_TOKEN',
  'VX11_OPERATOR_TOKEN',
  'VX11_TOKENS',
  'VX11_UPSTREAM_TOKEN',
  'VX11_UPSTREAM_HEADERS',
  'VX11_TENTACULO_LINK_SHARED_SECRET',
  'VX11_DATABASE_AUTH_TOKEN',
  'VX11_REDIS_URL',
  'REDIS_URL',
  'DEEPSEEK_API_KEY',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'VX11_WEBHOOKS',
])

/** The URL of Redis keeps what is no credential. */
export const redacted = (name: VariableName, value: string): string => {
  if (!secretVariables.has(name)) return value
  const [, scheme, rest] = /^(rediss?:\/\/)(?:.*@)?([^@]*)$/.exec(value) ?? []
  if (!name.endsWith('REDIS_URL') || scheme === undefined) return hidden
  return value.includes('@') ? `${scheme}${hidden}@${rest}` : value
}
