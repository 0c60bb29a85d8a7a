/** The port's plain messages to and from the web platform's Request and Response. */
import { TransportError } from '../../errors/gateway-error.ts'
import type { HeaderFields, TransportInit, UpstreamAnswer } from '../../ports/index.ts'

/** The length is the platform's to say, which counts the body itself. */
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

/** `duplex` is what the fetch standard asks for with a stream; lib.webworker does not know it. */
export const webInit = ({ method, headers, body }: TransportInit, signal: AbortSignal): RequestInit =>
  ({ method, headers: webHeaders(headers), body, signal, redirect: 'manual', duplex: 'half' }) as RequestInit

/** Statuses that a web Response cannot carry are no answer to a caller either. */
export function upstreamAnswer(response: Response): UpstreamAnswer {
  const { status, headers, body } = response
  if (status < 200 || status > 599) {
    body?.cancel().catch(() => {})
    throw new TransportError('malformed')
  }
  return { status, headers: headerFields(headers), body }
}
