/** Converts the port's plain messages to and from web Request and Response. */
import { TransportError } from '../../errors/gateway-error.ts'
import type { HeaderFields, TransportInit, UpstreamAnswer } from '../../ports/index.ts'

/** Content-Length is left to the platform, which counts the body itself. */
export function webHeaders(fields: HeaderFields): Headers {
  const headers = new Headers()
  for (const name in fields) {
    const value = fields[name]
    if (name === 'content-length' || value === undefined) continue
    if (typeof value === 'string') headers.append(name, value)
    else for (const each of value) headers.append(name, each)
  }
  return headers
}

/** Web Headers keep Set-Cookie apart and join every other repeated field with commas. */
export function headerFields(headers: Headers): HeaderFields {
  const fields: HeaderFields = {}
  headers.forEach((value, name) => {
    if (name !== 'set-cookie') fields[name] = value
  })
  const cookies = headers.getSetCookie()
  if (cookies.length > 0) fields['set-cookie'] = cookies
  return fields
}

/** The fetch standard requires `duplex` with a stream; lib.webworker does not declare it. */
export const webInit = ({ method, headers, body }: TransportInit, signal: AbortSignal): RequestInit =>
  ({ method, headers: webHeaders(headers), body, signal, redirect: 'manual', duplex: 'half' }) as RequestInit

/** Rejects statuses that a web Response cannot carry, control characters in values, and a length that is no number. */
export function upstreamAnswer(response: Response): UpstreamAnswer {
  const { status, body } = response
  const headers = headerFields(response.headers)
  if (status < 200 || status > 599 || hasControls(headers) || !hasLawfulLength(headers)) {
    body?.cancel().catch(() => {})
    throw new TransportError('malformed')
  }
  return { status, headers, body }
}

/** workerd passes on what an upstream says to HEAD, whatever it is. */
const hasLawfulLength = ({ 'content-length': length = '0' }: HeaderFields): boolean => /^\d+$/.test(String(length))

/** Forbidden (RFC 9110 §5.5), but taken by workerd, in requests and in answers. */
export const hasControls = (fields: HeaderFields): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it detects control characters
  Object.values(fields).some((value) => /[\x00-\x08\x0a-\x1f\x7f]/.test(String(value)))
