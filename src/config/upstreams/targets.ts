/** Reads the address and the extra headers of each upstream. */

import * as v from 'valibot'
import { isObject } from '../../lib/json-object.ts'
import { parseJson } from '../../lib/json-text.ts'
import { parseHttpUrl } from '../addresses.ts'
import type { Environment } from '../environment/environment.ts'
import { parsedBy, parseList } from '../values.ts'
import type { VariableName } from '../variables.ts'
import { addressItems, parseAddresses, type WeightedAddress } from './addresses.ts'

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

/** OpenAI-compatible endpoints for the chat; not VX11 modules, but with the same breaker and limits. */
export const modelNames = ['deepseek_r1', 'local_llm'] as const
export type ModelName = (typeof modelNames)[number]

/** Everything with its own circuit breaker. */
export type PeerName = UpstreamName | ModelName

/** The address of an upstream. Dormant: not configured, so no request is sent. */
export type UpstreamTarget =
  | { kind: 'url'; url: string }
  /** Two or more, in the order of the configuration. */
  | { kind: 'urls'; addresses: readonly WeightedAddress[] }
  | { kind: 'binding'; binding: string }
  | { kind: 'embedded' }
  | { kind: 'dormant' }

export type UpstreamTargets = Readonly<Record<UpstreamName, UpstreamTarget>>
export type UpstreamHeaders = Readonly<Partial<Record<UpstreamName, Readonly<Record<string, string>>>>>

const targetForm =
  'must be an http:// or https:// URL without credentials, query or fragment, a list of those, or binding:NAME'

const targetText = (form: string, parse: (text: string) => UpstreamTarget | null) =>
  v.pipe(
    v.string(),
    v.rawTransform<string, UpstreamTarget>(({ dataset, addIssue, NEVER }) => {
      const items = addressItems(dataset.value)
      if (items === null) {
        const target = parse(dataset.value)
        if (target !== null) return target
        addIssue({ message: form })
        return NEVER
      }
      const addresses = parseAddresses(items, addIssue)
      return addresses === null ? NEVER : targetOf(addresses)
    }),
  )

/** One address needs no choice, whatever its weight. */
function targetOf(addresses: readonly WeightedAddress[]): UpstreamTarget {
  const [first] = addresses
  return first && addresses.length === 1 ? { kind: 'url', url: first.url } : { kind: 'urls', addresses }
}

/** The URLs at which the gateway asks for it, in their order; none where it needs none. */
export function urlsOf(target: UpstreamTarget): readonly string[] {
  if (target.kind === 'urls') return target.addresses.map(({ url }) => url)
  return target.kind === 'url' ? [target.url] : []
}

const TargetText = targetText(targetForm, parseTarget)
const MadreTargetText = targetText(`${targetForm}, or embedded`, (text) =>
  text === 'embedded' ? { kind: 'embedded' } : parseTarget(text),
)

function parseTarget(text: string): UpstreamTarget | null {
  const binding = /^binding:([A-Za-z_][A-Za-z0-9_]{0,63})$/.exec(text)?.[1]
  if (binding !== undefined) return { kind: 'binding', binding }
  const url = parseHttpUrl(text)
  return url === null ? null : { kind: 'url', url }
}

export function readTargets(env: Environment): UpstreamTargets {
  const target = (name: VariableName): UpstreamTarget => env.optional(name, TargetText) ?? { kind: 'dormant' }
  return {
    madre: env.value('MADRE_URL', MadreTargetText),
    switch: target('SWITCH_URL'),
    shub: readShubTarget(env),
    hermes: target('HERMES_URL'),
    hormiguero: target('HORMIGUERO_URL'),
    manifestator: target('MANIFESTATOR_URL'),
    mcp: target('MCP_URL'),
    spawner: target('SPAWNER_URL'),
    operator: target('OPERATOR_URL'),
  }
}

function readShubTarget(env: Environment): UpstreamTarget {
  const ours = env.optional('SHUB_URL', TargetText)
  const v7 = env.optional('VX11_SHUB_UPSTREAM', TargetText)
  if (ours && v7 && JSON.stringify(ours) !== JSON.stringify(v7))
    env.complain('VX11_SHUB_UPSTREAM', 'must be the same as SHUB_URL, or unset')
  return ours ?? v7 ?? { kind: 'dormant' }
}

const isUpstream = (name: string): name is UpstreamName => upstreamNames.some((each) => each === name)

export const HedgedText = parsedBy(
  (text) => {
    const names = parseList(text)
    return names?.every(isUpstream) ? names : null
  },
  `must be a comma list or JSON list of ${upstreamNames.join(', ')}`,
)

/** Headers that frame or route the message are set by the transport only. */
const ownedByTransport = new Set(
  'connection content-length expect host keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(' '),
)
const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/
const fieldValue = /^([\x21-\x7e]([\x20-\x7e\t]{0,8190}[\x21-\x7e])?)?$/

/** RFC 9110 §5.1 and §5.5, names in lower case; null when a field is invalid or repeated. */
export function parseHeaders(input: unknown): Record<string, string> | null {
  if (!isObject(input)) return null
  const fields = Object.entries(input).map(([name, value]) => [name.toLowerCase(), value] as const)
  const names = new Set(fields.map(([name]) => name))
  const sendable = ([name, value]: readonly [string, unknown]) =>
    fieldName.test(name) && !ownedByTransport.has(name) && typeof value === 'string' && fieldValue.test(value)
  return names.size === fields.length && fields.every(sendable)
    ? (Object.fromEntries(fields) as Record<string, string>)
    : null
}

const UpstreamHeadersText = v.pipe(
  v.string(),
  v.rawTransform<string, UpstreamHeaders>(({ dataset, addIssue, NEVER }) => {
    const input = parseJson(dataset.value)
    if (!isObject(input) || Object.keys(input).some((name) => !upstreamNames.includes(name as UpstreamName))) {
      addIssue({ message: `must be a JSON object whose keys are of ${upstreamNames.join(', ')}` })
      return NEVER
    }
    const entries = Object.entries(input).map(([name, headers]) => [name, parseHeaders(headers)] as const)
    for (const [name, headers] of entries)
      if (headers === null)
        addIssue({ message: `must give ${name} an object of distinct header names and values that HTTP can carry` })
    return Object.fromEntries(entries) as UpstreamHeaders
  }),
)

export const readUpstreamHeaders = (env: Environment): UpstreamHeaders =>
  env.optional('VX11_UPSTREAM_HEADERS', UpstreamHeadersText) ?? {}
