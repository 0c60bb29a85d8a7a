/** Builds the headers for an upstream: the caller's without connection headers and credentials, plus the gateway's. */
import type { HeaderFields } from '../../ports/index.ts'

/** RFC 9110 §7.6.1 and names that old software uses; the transport writes its own framing. */
const connectionHeaders = [
  'alt-svc',
  'connection',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Headers that only the gateway sets; a caller's values are removed. */
const gatewayHeaders = [
  'cookie',
  'forwarded',
  'x-correlation-id',
  'x-forwarded-by',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
  'x-vx11-correlation-id',
  'x-vx11-entry',
  'x-vx11-gw-token',
  'x-vx11-nonce',
  'x-vx11-principal',
  'x-vx11-request-id',
  'x-vx11-signature',
  'x-vx11-timestamp',
  'x-vx11-token',
]

const neverForwarded = new Set([...connectionHeaders, ...gatewayHeaders])

export interface GatewayWords {
  correlationId: string
  /** Sent as X-VX11-Token; null sends none. */
  upstreamToken: string | null
  /** Lower-case names; they override all others. */
  extraHeaders?: Readonly<Record<string, string>> | undefined
}

/** Headers of the gateway's own requests; it reads the answers, so they must not be encoded. */
export const ownRequestHeaders = (words: GatewayWords): HeaderFields =>
  addWords({ 'accept-encoding': 'identity' }, words)

export interface Forwarding extends GatewayWords {
  /** Lower-case name of the header that carried the caller's gateway token; it is not forwarded. */
  credentialHeader?: string | undefined
  /** The caller's address, derived through the trusted proxies. */
  clientAddress: string
  protocol: 'http' | 'https'
  /** True behind a trusted proxy, whose X-Forwarded-* are kept. */
  trustsProxy: boolean
}

/** Headers of a forwarded request. */
export function requestHeaders(caller: HeaderFields, forwarding: Forwarding): HeaderFields {
  const { credentialHeader } = forwarding
  const named = namedByConnection(one(caller.connection))
  const fields: HeaderFields = {}
  for (const name in caller) {
    if (neverForwarded.has(name) || name === credentialHeader || named?.has(name)) continue
    const value = caller[name] as string | string[]
    fields[name] = name === 'traceparent' ? firstOf(one(value) ?? '') : value
  }
  forwardedFields(fields, caller, forwarding)
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

/** W3C trace context allows one value; web Headers join repeated ones with commas. */
const firstOf = (value: string) => value.split(',', 1)[0]?.trim() ?? ''

function addWords(fields: HeaderFields, { correlationId, upstreamToken, extraHeaders }: GatewayWords): HeaderFields {
  fields['x-forwarded-by'] = 'tentaculo_link'
  fields['x-correlation-id'] = correlationId
  if (upstreamToken !== null) fields['x-vx11-token'] = upstreamToken
  return extraHeaders ? Object.assign(fields, extraHeaders) : fields
}
