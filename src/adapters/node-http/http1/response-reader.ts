/** Parses one answer from a connection's bytes and reports head, data and end to its handler. */
import { TransportError } from '../../../errors/gateway-error.ts'
import { Chunked } from './chunked.ts'
import { type Framing, framingOf } from './framing.ts'
import type { Controller, Handler } from './handler.ts'
import { parseResponseHead, type ResponseHead } from './response-head.ts'

/** Largest head of an answer, of either client. */
export const maxHeadBytes = 65_536
const headEnd = Buffer.from('\r\n\r\n')
const protocol = 'HTTP/1.'

export class ResponseReader {
  readonly #method: string
  readonly #handler: Handler
  readonly #controller: Controller
  /** The received part of an incomplete head. */
  #partialHead: Buffer | null = null
  #framing: Framing | null = null
  #left = 0
  #chunked: Chunked | null = null
  #over = false
  #reusable = false
  #idleHintS: number | null = null

  constructor(method: string, handler: Handler, controller: Controller) {
    this.#method = method
    this.#handler = handler
    this.#controller = controller
  }

  /** The answer is complete. */
  get over(): boolean {
    return this.#over
  }

  /** The connection may carry another request. */
  get reusable(): boolean {
    return this.#reusable
  }

  /** The upstream's Keep-Alive timeout in seconds, or null. */
  get idleHintS(): number | null {
    return this.#idleHintS
  }

  /** Throws `malformed`. Bytes after the answer belong to no request: the connection is then not reusable. */
  read(bytes: Buffer): void {
    let at = 0
    let all = bytes
    while (at < all.length && this.#framing === null) {
      const [buffer, next] = this.#readHead(all, at)
      all = buffer
      at = next
    }
    if (at < all.length && !this.#over) at = this.#readBody(all, at)
    if (at < all.length) this.#reusable = false
  }

  /** The connection ended, which completes a body without other framing. */
  end(): void {
    if (this.#framing !== 'until_close') throw new TransportError('reset')
    this.#complete()
  }

  #readHead(bytes: Buffer, from: number): [bytes: Buffer, at: number] {
    const all = this.#partialHead ? Buffer.concat([this.#partialHead, bytes.subarray(from)]) : bytes
    const start = this.#partialHead ? 0 : from
    const end = all.indexOf(headEnd, start)
    if ((end < 0 ? all.length : end) - start > maxHeadBytes) throw new TransportError('malformed')
    if (end < 0) {
      refuseForeign(all, start)
      this.#partialHead = Buffer.from(all.subarray(start))
      return [all, all.length]
    }
    this.#partialHead = null
    this.#begin(parseResponseHead(all.toString('latin1', start, end)))
    return [all, end + headEnd.length]
  }

  #begin(head: ResponseHead): void {
    const { status, headers } = head
    // This client never requests an upgrade.
    if (status === 101) throw new TransportError('malformed')
    if (status >= 200) {
      this.#framing = framingOf(this.#method, head)
      this.#reusable = this.#framing !== 'until_close' && staysOpen(head)
      this.#idleHintS = idleHint(headers['keep-alive'])
      if (this.#framing === 'chunked') this.#chunked = new Chunked()
      else if (typeof this.#framing === 'number') this.#left = this.#framing
    }
    this.#handler.onResponseStart(this.#controller, status, headers)
    if (this.#framing === 0) this.#complete()
  }

  #readBody(bytes: Buffer, at: number): number {
    if (this.#chunked) return this.#readChunks(this.#chunked, bytes, at)
    const end = this.#framing === 'until_close' ? bytes.length : Math.min(bytes.length, at + this.#left)
    this.#left -= end - at
    this.#pass(bytes, at, end)
    if (this.#framing !== 'until_close' && this.#left === 0) this.#complete()
    return end
  }

  #readChunks(chunked: Chunked, bytes: Buffer, at: number): number {
    const stopped = chunked.read(bytes, at, bytes.length, (from, to) => this.#pass(bytes, from, to))
    if (chunked.over) this.#complete()
    return stopped
  }

  #pass(bytes: Buffer, from: number, to: number): void {
    if (this.#controller.aborted) return
    this.#handler.onResponseData(this.#controller, bytes.subarray(from, to))
  }

  #complete(): void {
    if (this.#controller.aborted) return
    this.#over = true
    this.#handler.onResponseEnd()
  }
}

/** Rejects early what can never become a head: another protocol, or bare line feeds. */
function refuseForeign(bytes: Buffer, start: number): void {
  const text = bytes.toString('latin1', start, Math.min(bytes.length, start + protocol.length))
  if (!protocol.startsWith(text)) throw new TransportError('malformed')
  const lineFeed = bytes.indexOf(10, start)
  if (lineFeed >= 0 && bytes[lineFeed - 1] !== 13) throw new TransportError('malformed')
}

function staysOpen({ persistent, headers }: ResponseHead): boolean {
  const options = String(headers.connection ?? '').toLowerCase()
  return persistent ? !/\bclose\b/.test(options) : /\bkeep-alive\b/.test(options)
}

function idleHint(field: string | string[] | undefined): number | null {
  const seconds = /\btimeout=(\d{1,6})\b/i.exec(String(field ?? ''))?.[1]
  return seconds === undefined ? null : Number(seconds)
}
