/** Filters an upstream's headers for the caller: removes connection headers and those that only the gateway sets. */
import { bareRecord } from '../../lib/bare-record.ts'
import { statusContent } from '../../lib/status-content.ts'
import type { HeaderFields } from '../../ports/index.ts'
import { connectionHeaders, ownFields, reservedNames } from './gateway-names.ts'
import { namedByConnection } from './request-headers.ts'
import { withVia } from './via.ts'

/** Alt-Svc would lead callers around the gateway; an upstream's limit headers are not the caller's limits. */
const isReserved = reservedNames([
  ...connectionHeaders,
  // Means nothing in an answer, and node:http sends a head with it as UTF-8.
  'expect',
  'ratelimit',
  'ratelimit-limit',
  'ratelimit-policy',
  'ratelimit-remaining',
  'ratelimit-reset',
  'x-correlation-id',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  // Towards upstreams alone: one that sends back what it got would disclose the gateway's token.
  ...ownFields,
  'x-vx11-decision',
  'x-vx11-ignored-parameters',
  'x-vx11-woken',
])

/** The one CORS field that an upstream may add to: what its answer offers to scripts (http/answer/answer.ts). */
const exposedHeaders = 'access-control-expose-headers'

/** Repeated fields stay arrays, Set-Cookie among them. Content-Length says what the status allows. */
export function responseHeaders(status: number, upstream: HeaderFields, via: string): HeaderFields {
  const named = namedByConnection(joined(upstream.connection))
  const fields: HeaderFields = bareRecord()
  for (const name in upstream) {
    if (isReserved(name) || named?.has(name)) continue
    if (name.startsWith('access-control-') && name !== exposedHeaders) continue
    fields[name] = upstream[name] as string | string[]
  }
  const { length } = statusContent(status)
  if (length === 'none') delete fields['content-length']
  else if (length === 'zero') fields['content-length'] = '0'
  fields.via = withVia(fields.via, via)
  return fields
}

const joined = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join(',') : (value ?? null))
