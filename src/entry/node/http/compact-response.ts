/** Lets a short body leave in one write with its header: two buffers are a vectored write, which costs a fifth more. */
import { type IncomingMessage, ServerResponse } from 'node:http'

/** With its header it stays below what Node writes from its stack, 16 KiB. */
const shortBytes = 8192

export class CompactResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  /** node:http puts a text behind the header; as latin1, which has one character for each byte, that changes nothing. */
  override end(body?: unknown, encoding?: unknown, written?: unknown): this {
    if (encoding === undefined && isShort(body) && this.headersSent)
      return super.end(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1'), 'latin1')
    return super.end(body, encoding as BufferEncoding, written as () => void)
  }
}

const isShort = (body: unknown): body is Uint8Array => body instanceof Uint8Array && body.byteLength <= shortBytes
