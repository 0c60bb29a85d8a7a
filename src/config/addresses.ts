/** Addresses of other servers and of web pages, held to their plainest form. */
import { hasControlCharacters, parsedBy, parseList } from './values.ts'

/** The URL parser forgives blanks, control characters and backslashes; a configuration should not. */
function parseUrl(text: string): URL | null {
  if (hasControlCharacters(text) || /[\s\\]/.test(text) || !/^[a-z]+:\/\/[^/]/i.test(text)) return null
  return URL.canParse(text) ? new URL(text) : null
}

/** Scheme, host, port and path, without trailing slash; credentials, query and fragment are refused even when empty. */
export function parseHttpUrl(text: string): string | null {
  const url = parseUrl(text)
  if (url === null || !/^https?:$/.test(url.protocol) || /[?#@]/.test(text)) return null
  return url.origin + url.pathname.replace(/\/+$/, '')
}

export const HttpUrlText = parsedBy(
  parseHttpUrl,
  'must be an http:// or https:// URL without credentials, query or fragment',
)

export const RedisUrlText = parsedBy((text) => {
  const url = parseUrl(text)
  if (url === null || !/^rediss?:$/.test(url.protocol) || url.hostname === '') return null
  return /^(\/[0-9]{0,2})?$/.test(url.pathname) && url.search === '' && !text.includes('#') ? text : null
}, 'must be a redis:// or rediss:// URL: host, and if needed credentials, port and database number')

/** A server's token has its own variable, because URLs end up in logs; of libSQL's query options only `tls` is left. */
export const DatabaseUrlText = parsedBy((text) => {
  if (text.startsWith('file:')) return /^file:[^?#]+$/.test(text) && !hasControlCharacters(text) ? text : null
  const url = parseUrl(text)
  if (url === null || !/^(libsql|https?):$/.test(url.protocol) || url.hostname === '') return null
  return /[#@]/.test(text) || !/^(\?tls=[01])?$/.test(url.search) ? null : text
}, 'must be file: and a path, or a libsql://, http:// or https:// URL without credentials')

export const OriginsText = parsedBy((text) => {
  const origins = parseList(text)?.map(parseOrigin)
  return origins?.every((origin) => origin !== null) ? [...new Set(origins)] : null
}, 'must be a comma list or JSON list of origins, each scheme://host[:port] without path or wildcard')

/** Browsers send an origin in lower case and without its scheme's own port, so that is how it is kept. */
function parseOrigin(text: string): string | null {
  const url = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@*,\\\s]+$/i.test(text) && URL.canParse(text) ? new URL(text) : null
  if (url === null || hasControlCharacters(text) || url.hostname === '') return null
  return url.origin === 'null' ? `${url.protocol}//${url.host}`.toLowerCase() : url.origin
}
