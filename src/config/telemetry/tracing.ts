/** Reads where traces go and which are recorded, by the variables of OpenTelemetry's specification. */
import { HttpUrlText } from '../addresses.ts'
import type { Environment } from '../environment/environment.ts'
import { BooleanText, hasControlCharacters, IntegerText, parsedBy, WordText } from '../values.ts'

const samplerNames = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const

export interface SamplerConfig {
  name: (typeof samplerNames)[number]
  /** From 0 to 1; only for those by ratio. */
  ratio: number
}

export interface TracingConfig {
  /** The collector's path for traces. */
  url: string
  headers: Readonly<Record<string, string>>
  timeoutMs: number
  compress: boolean
  serviceName: string
  resource: Readonly<Record<string, string>>
  sampler: SamplerConfig
  delayMs: number
  maxWaiting: number
}

/** `key=value` pairs with percent-encoded values, as in a Baggage header; null when one is none. */
function parsePairs(text: string, isValid: (key: string, value: string) => boolean): Record<string, string> | null {
  const pairs: [string, string][] = []
  for (const pair of text.split(',')) {
    if (pair.trim() === '') continue
    const [, key = '', encoded = ''] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
    const value = decoded(encoded)
    if (key === '' || value === null || !isValid(key, value)) return null
    pairs.push([key, value])
  }
  return Object.fromEntries(pairs)
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

const isField = (name: string, value: string) =>
  /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name) &&
  !ownFields.has(name.toLowerCase()) &&
  /^[\x21-\x7e]([\x20-\x7e]{0,4094}[\x21-\x7e])?$/.test(value)

/** Framing, and what says how the body is written. */
const ownFields = new Set(
  'accept-encoding connection content-encoding content-length content-type expect host transfer-encoding upgrade'.split(
    ' ',
  ),
)

const HeadersText = parsedBy((text) => {
  const pairs = parsePairs(text, isField)
  return pairs && Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name.toLowerCase(), value]))
}, 'must be a comma list of header=value with percent-encoded values, without those that frame the message')

const ResourceText = parsedBy(
  (text) =>
    parsePairs(text, (key, value) => key.length <= 128 && value.length <= 1024 && !hasControlCharacters(key + value)),
  'must be a comma list of key=value with percent-encoded values',
)

const RatioText = parsedBy((text) => {
  const ratio = /^(0|1|0?\.\d{1,12}|1\.0{1,12})$/.test(text) ? Number(text) : Number.NaN
  return ratio >= 0 && ratio <= 1 ? ratio : null
}, 'must be a number from 0 to 1, such as 0.05')

const NameText = parsedBy(
  (text) => (text.length <= 128 && !hasControlCharacters(text) ? text : null),
  'must be a name of at most 128 characters',
)

/** Null where tracing is off. What is set is checked even then. */
export function readTracing(env: Environment): TracingConfig | null {
  const base = env.optional('OTEL_EXPORTER_OTLP_ENDPOINT', HttpUrlText)
  const url = env.optional('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', HttpUrlText) ?? (base && `${base}/v1/traces`)
  const { 'service.name': named, ...resource } = env.optional('OTEL_RESOURCE_ATTRIBUTES', ResourceText) ?? {}
  env.optional('OTEL_EXPORTER_OTLP_PROTOCOL', WordText(['http/json']))
  const isOff = env.value('OTEL_SDK_DISABLED', BooleanText)
  const read = {
    headers: env.optional('OTEL_EXPORTER_OTLP_HEADERS', HeadersText) ?? {},
    timeoutMs: env.value('OTEL_EXPORTER_OTLP_TIMEOUT', IntegerText(1, 60_000)),
    compress: env.value('OTEL_EXPORTER_OTLP_COMPRESSION', WordText(['none', 'gzip'])) === 'gzip',
    serviceName: env.optional('OTEL_SERVICE_NAME', NameText) ?? named ?? 'tentaculo-link',
    resource,
    sampler: {
      name: env.value('OTEL_TRACES_SAMPLER', WordText(samplerNames)),
      ratio: env.value('OTEL_TRACES_SAMPLER_ARG', RatioText),
    },
    delayMs: env.value('OTEL_BSP_SCHEDULE_DELAY', IntegerText(1, 60_000)),
    maxWaiting: env.value('OTEL_BSP_MAX_QUEUE_SIZE', IntegerText(1, 65_536)),
  }
  return url === null || isOff ? null : { url, ...read }
}
