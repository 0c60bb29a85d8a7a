/** Reads the response of an upstream that refused a WebSocket: short bodies in full, of long ones only the head. */
import type { IncomingMessage } from 'node:http'
import type { HeaderFields, UpstreamAnswer } from '../../ports/index.ts'

const maxBodyLength = 65_536

/** `done` is not called if the connection breaks first: the request reports that. */
export function readRefusal(response: IncomingMessage, done: (answer: UpstreamAnswer) => void): void {
  const chunks: Buffer[] = []
  let bytes = 0
  const status = response.statusCode ?? 502
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > maxBodyLength) response.destroy()
    else chunks.push(chunk)
  })
  response.on('error', () => {})
  response.on('close', () => {
    const whole = response.complete && bytes <= maxBodyLength
    const headers = distinctHeaderFields(response)
    if (whole) return done({ status, headers, body: Buffer.concat(chunks) })
    const { 'content-length': _length, 'content-encoding': _encoding, 'content-type': _type, ...rest } = headers
    done({ status, headers: rest, body: null })
  })
}

/** Keeps repeated fields separate, which `headers` would join or drop. */
export function distinctHeaderFields({ headersDistinct }: IncomingMessage): HeaderFields {
  const fields: HeaderFields = {}
  for (const name in headersDistinct) {
    const values = headersDistinct[name] ?? []
    fields[name] = values.length === 1 && values[0] !== undefined ? values[0] : values
  }
  return fields
}
