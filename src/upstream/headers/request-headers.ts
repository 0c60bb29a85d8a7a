/** Builds the headers for an upstream: the caller's without connection headers and credentials, plus the gateway's. */
import { bareRecord } from '../../lib/bare-record.ts'
import { firstOf } from '../../lib/trace-context.ts'
import type { HeaderFields } from '../../ports/index.ts'
import { connectionHeaders, ownFields, reservedNames } from './gateway-names.ts'
import { withVia } from './via.ts'

/** Headers that only the gateway sets; a caller's values are removed. */
const gatewayHeaders = ['cookie', 'forwarded', 'via', 'x-correlation-id', 'x-real-ip', ...ownFields]

/** What other proxies say of the caller or of its path, which a caller could use to speak as one of them. */
const proxyHeaders = [
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'fastly-client-ip',
  'front-end-https',
  'x-azure-clientip',
  'x-azure-socketip',
  'x-envoy-external-address',
  'x-forwarded',
  'x-host',
  'x-original-forwarded-for',
  'x-original-host',
  'x-original-url',
  'x-rewrite-url',
]

const isListed = reservedNames(
  [...connectionHeaders, 'expect', 'host', 'http2-settings', ...gatewayHeaders, ...proxyHeaders],
  ['authorization', 'content-length', 'x-vx11-deadline-ms'],
)

/** Proxies have always new ones of these. */
const isReserved = (name: string) => isListed(name) || /^x[-_]forwarded[-_]/.test(name)

export interface GatewayWords {
  correlationId: string
  /** This gateway's name in `Via`. */
  via: string
  /** Sent as X-VX11-Token; null sends none. */
  upstreamToken: string | null
  /** Lower-case names; they override all others. */
  extraHeaders?: Readonly<Record<string, string>> | undefined
}

/** Headers of the gateway's own requests; it reads the answers, so they must not be encoded. */
export const ownRequestHeaders = (words: GatewayWords): HeaderFields =>
  addWords({ 'accept-encoding': 'identity' }, words)

export interface Forwarding extends GatewayWords {
  /** The caller's Authorization carries a token of the gateway, so it is not forwarded. */
  ownsAuthorization: boolean
  /** The caller's address, derived through the trusted proxies. */
  clientAddress: string
  protocol: 'http' | 'https'
  /** True behind a trusted proxy, whose X-Forwarded-* are kept. */
  trustsProxy: boolean
}

/** Headers of a forwarded request. */
export function requestHeaders(caller: HeaderFields, forwarding: Forwarding): HeaderFields {
  const { ownsAuthorization } = forwarding
  const named = namedByConnection(one(caller.connection))
  const fields: HeaderFields = bareRecord()
  for (const name in caller) {
    if (isReserved(name) || (ownsAuthorization && name === 'authorization') || named?.has(name)) continue
    const value = caller[name] as string | string[]
    fields[name] = name === 'traceparent' ? firstOf(one(value) ?? '') : value
  }
  forwardedFields(fields, caller, forwarding)
  if (caller.via !== undefined) fields.via = caller.via
  return addWords(fields, forwarding)
}

/** Null in the common case of `keep-alive` or `close`. */
export function namedByConnection(connection: string | null): ReadonlySet<string> | null {
  if (connection === null || /^(?:keep-alive|close)$/i.test(connection)) return null
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()))
}

function forwardedFields(
  fields: HeaderFields,
  caller: HeaderFields,
  { clientAddress, protocol, trustsProxy }: Forwarding,
) {
  const before = (name: string) => (trustsProxy ? one(caller[name]) : null)
  const chain = before('x-forwarded-for')
  fields['x-forwarded-for'] = chain ? `${chain}, ${clientAddress}` : clientAddress
  fields['x-forwarded-proto'] = before('x-forwarded-proto') ?? protocol
  const host = before('x-forwarded-host') ?? one(caller.host)
  if (host) fields['x-forwarded-host'] = host
}

const one = (value: string | string[] | undefined): string | null =>
  Array.isArray(value) ? value.join(', ') : (value ?? null)

function addWords(fields: HeaderFields, words: GatewayWords): HeaderFields {
  const { correlationId, upstreamToken, extraHeaders, via } = words
  fields.via = withVia(fields.via, via)
  fields['x-forwarded-by'] = 'tentaculo_link'
  fields['x-correlation-id'] = correlationId
  if (upstreamToken !== null) fields['x-vx11-token'] = upstreamToken
  return extraHeaders ? Object.assign(fields, extraHeaders) : fields
}
