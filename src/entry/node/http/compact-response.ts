/** Sends a short body and its header in one write: a vectored write of two buffers costs a fifth more. */
import { type IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http'

/** With the header it stays below 16 KiB, which Node writes from its stack. */
const shortBytes = 8192

export class CompactResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** The response has no Content-Type; the server library's default is dropped. */
  untyped = false
  /** Of the body, so far. */
  bodyBytes = 0

  override writeHead(status: number, reason?: unknown, headers?: unknown): this {
    const fields = headers ?? reason
    if (this.untyped && isRecord(fields)) delete fields['content-type']
    return super.writeHead(status, reason as string, headers as OutgoingHttpHeaders)
  }

  /** node:http would send a header that goes out alone as UTF-8, and so change bytes beyond ASCII. */
  override flushHeaders(): void {
    this.write('', 'latin1')
  }

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    this.bodyBytes += lengthOf(chunk)
    return super.write(chunk, ...(rest as []))
  }

  /** node:http concatenates a string with the header; latin1 maps bytes to characters one to one. */
  override end(body?: unknown, encoding?: unknown, written?: unknown): this {
    this.bodyBytes += lengthOf(body)
    if (encoding === undefined && isShort(body) && this.headersSent)
      return super.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1'), 'latin1')
    return super.end(body, encoding as BufferEncoding, written as () => void)
  }
}

const isRecord = (value: unknown): value is OutgoingHttpHeaders =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isShort = (body: unknown): body is Uint8Array => body instanceof Uint8Array && body.byteLength <= shortBytes

const lengthOf = (body: unknown): number =>
  body instanceof Uint8Array ? body.byteLength : typeof body === 'string' ? Buffer.byteLength(body) : 0
