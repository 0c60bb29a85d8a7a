/** Filters an upstream's headers for the caller: removes connection headers and those that only the gateway sets. */
import type { HeaderFields } from '../../ports/index.ts'
import { namedByConnection } from './request-headers.ts'

/** RFC 9110 §7.6.1; Alt-Svc would lead callers around the gateway; the gateway sets the correlation id. */
const neverForwarded = new Set([
  'alt-svc',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-correlation-id',
])

/** Repeated fields stay arrays, Set-Cookie among them; the gateway's CORS answer is the only one. */
export function responseHeaders(upstream: HeaderFields): HeaderFields {
  const named = namedByConnection(joined(upstream.connection))
  const fields: HeaderFields = {}
  for (const name in upstream) {
    if (neverForwarded.has(name) || named?.has(name) || name.startsWith('access-control-')) continue
    fields[name] = upstream[name] as string | string[]
  }
  return fields
}

const joined = (value: string | string[] | undefined) => (Array.isArray(value) ? value.join(',') : (value ?? null))
