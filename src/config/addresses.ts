/** Parses addresses of other servers and origins of web pages; refuses unusual forms. */
import { hasControlCharacters, parsedBy, parseList } from './values.ts'

/** Refuses the blanks, control characters and backslashes that the URL parser accepts. */
function parseUrl(text: string): URL | null {
  if (hasControlCharacters(text) || /[\s\\]/.test(text) || !/^[a-z]+:\/\/[^/]/i.test(text)) return null
  return URL.canParse(text) ? new URL(text) : null
}

/** Scheme, host, port and path, without trailing slash. Refuses credentials, query and fragment, even empty ones. */
export function parseHttpUrl(text: string): string | null {
  const url = parseUrl(text)
  if (url === null || !/^https?:$/.test(url.protocol) || /[?#@]/.test(text)) return null
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** With query, because receivers may want a key there. */
export function parseHook(text: string): URL | null {
  const url = parseUrl(text)
  return url !== null && /^https?:$/.test(url.protocol) && !/[#@]/.test(text) ? url : null
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

/** Credentials have their own variable, because URLs are logged. The only libSQL query option accepted is `tls`. */
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

/** Normalised as browsers send it: lower case, without the scheme's default port. */
function parseOrigin(text: string): string | null {
  const url = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@*,\\\s]+$/i.test(text) && URL.canParse(text) ? new URL(text) : null
  if (url === null || hasControlCharacters(text) || url.hostname === '') return null
  return url.origin === 'null' ? `${url.protocol}//${url.host}`.toLowerCase() : url.origin
}
