/** Writes a request's head, and refuses to write what a receiver could read as more than one line (RFC 9112 §2.2, §5). */
import { TransportError } from '../../../errors/gateway-error.ts'
import type { HeaderFields } from '../../../ports/index.ts'

export interface OutgoingRequest {
  method: string
  /** Raw path and query. */
  target: string
  headers: HeaderFields
  body: Uint8Array | null
}

const lawfulMethod = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/
const lawfulTarget = /^\/[\x21-\x7e\x80-\xff]*$/
const lawfulLine = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+: [\t\x20-\x7e\x80-\xff]*$/

/** Methods whose lack of a body is said (RFC 9110 §8.6). */
const expectsBody = new Set(['POST', 'PUT', 'PATCH'])

/** `authority` is the Host where the headers name none; the length is the body's own. Throws `malformed`. */
export function requestHead({ method, target, headers, body }: OutgoingRequest, authority: string): string {
  if (!lawfulMethod.test(method) || !lawfulTarget.test(target)) throw new TransportError('malformed')
  let head = `${method} ${target} HTTP/1.1\r\n`
  if (headers.host === undefined) head += `host: ${authority}\r\n`
  head += 'connection: keep-alive\r\n'
  for (const name in headers) {
    const value = headers[name]
    if (name === 'content-length' || value === undefined) continue
    // The framing is decided here, and nowhere else.
    if (name === 'transfer-encoding' || name === 'connection') throw new TransportError('malformed')
    if (typeof value === 'string') head += fieldLine(name, value)
    else for (const each of value) head += fieldLine(name, each)
  }
  const length = body ? body.byteLength : headers['content-length'] === '0' || expectsBody.has(method) ? 0 : null
  return length === null ? `${head}\r\n` : `${head}content-length: ${length}\r\n\r\n`
}

function fieldLine(name: string, value: string): string {
  const line = `${name}: ${value}`
  if (!lawfulLine.test(line)) throw new TransportError('malformed')
  return `${line}\r\n`
}
