/** Parses the head of an answer as strictly as RFC 9112 §4 and §5: ambiguous input is malformed. */
import { TransportError } from '../../../errors/gateway-error.ts'
import { bareRecord } from '../../../lib/bare-record.ts'
import type { HeaderFields } from '../../../ports/index.ts'

export interface ResponseHead {
  /** 100 to 999. */
  status: number
  /** False for HTTP/1.0. */
  persistent: boolean
  headers: HeaderFields
}

const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: .*)?$/
/** A control character, or a CR or LF that is not part of a CRLF. */
const unlawful = /[^\t\r\n\x20-\x7e\x80-\xff]|\r(?!\n)|(?<!\r)\n/
const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/

/** `text` is the head without the final empty line. */
export function parseResponseHead(text: string): ResponseHead {
  if (unlawful.test(text)) throw new TransportError('malformed')
  let end = lineEnd(text, 0)
  const [, minor, status] = statusLine.exec(text.slice(0, end)) ?? []
  if (status === undefined) throw new TransportError('malformed')
  const headers: HeaderFields = bareRecord()
  while (end < text.length) {
    const start = end + 2
    end = lineEnd(text, start)
    addField(headers, text.slice(start, end))
  }
  return { status: Number(status), persistent: minor === '1', headers }
}

const lineEnd = (text: string, from: number): number => {
  const end = text.indexOf('\r\n', from)
  return end < 0 ? text.length : end
}

/** Obsolete line folding fails the name check, because no name begins with a blank. */
export function addField(headers: HeaderFields, line: string): void {
  const colon = line.indexOf(':')
  if (colon < 0) throw new TransportError('malformed')
  const name = lowerCaseName(line.slice(0, colon))
  // Copied to an ordinary object it would be read as the prototype.
  if (name === '__proto__') return
  const value = withoutBlanks(line.slice(colon + 1))
  const before = headers[name]
  if (before === undefined) headers[name] = value
  else if (typeof before === 'string') headers[name] = [before, value]
  else before.push(value)
}

/** Validated names, cached: upstreams use few. */
const known = new Map<string, string>()
const maxKnown = 512

function lowerCaseName(name: string): string {
  const seen = known.get(name)
  if (seen !== undefined) return seen
  if (!token.test(name)) throw new TransportError('malformed')
  const lower = name.toLowerCase()
  if (known.size < maxKnown) known.set(name, lower)
  return lower
}

/** Removes spaces and tabs only (RFC 9110 §5.6.3); String.trim removes more. */
function withoutBlanks(value: string): string {
  let start = 0
  let end = value.length
  while (start < end && isBlank(value.charCodeAt(start))) start++
  while (end > start && isBlank(value.charCodeAt(end - 1))) end--
  return value.slice(start, end)
}

const isBlank = (code: number) => code === 0x20 || code === 0x09
