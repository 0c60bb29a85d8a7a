/** Serialises a request head; refuses what a receiver could read as more than one line (RFC 9112 §2.2, §5). */
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

/** Methods that send `Content-Length: 0` without a body (RFC 9110 §8.6). */
const expectsBody = new Set(['POST', 'PUT', 'PATCH'])

/** `authority` becomes the Host header unless `headers` has one; Content-Length is computed. Throws `malformed`. */
export function requestHead({ method, target, headers, body }: OutgoingRequest, authority: string): string {
  if (!lawfulMethod.test(method) || !lawfulTarget.test(target)) throw new TransportError('malformed')
  let head = `${method} ${target} HTTP/1.1\r\n`
  if (headers.host === undefined) head += `host: ${authority}\r\n`
  head += 'connection: keep-alive\r\n'
  for (const name in headers) {
    const value = headers[name]
    if (name === 'content-length' || value === undefined) continue
    // Framing headers are written only by this function.
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
