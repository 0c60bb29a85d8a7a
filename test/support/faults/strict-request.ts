/** Reads requests off a connection by the letter of RFC 9112, and says what any other reader could take otherwise. */
import { trimmed } from '../http-white-space.ts'

/** What one connection brought; requests are added while its bytes come in. */
export interface SeenRequest {
  method: string
  target: string
  /** As they came, in order, repeats included; names in lower case. */
  headers: [name: string, value: string][]
  /** At most `keptBytes` of it. */
  body: Buffer
  bodyBytes: number
  complete: boolean
  /** What two readers could read in two ways; empty for an honest request. */
  doubts: string[]
}

const keptBytes = 262_144
const maxHeadLength = 1_048_576

type Framing = { kind: 'length'; left: number } | { kind: 'chunked'; left: number | 'size' | 'end' }

export interface RequestEvents {
  head(request: SeenRequest): void
  /** A part of the body, as it came. */
  piece(request: SeenRequest, part: Buffer): void
  complete(request: SeenRequest): void
}

export class RequestReader {
  readonly requests: SeenRequest[] = []
  readonly #forgets: boolean
  readonly #events: RequestEvents
  #pending: Buffer = Buffer.alloc(0)
  #current: SeenRequest | null = null
  #framing: Framing = { kind: 'length', left: 0 }

  constructor(forgets: boolean, events: RequestEvents) {
    this.#forgets = forgets
    this.#events = events
  }

  push(bytes: Buffer): void {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes])
    while (this.#pending.length > 0) {
      const before = this.#pending.length
      const request = this.#current
      if (request) this.#readBody(request)
      else this.#readHead()
      if (this.#pending.length === before && this.#current === request) return
    }
  }

  #readHead(): void {
    const end = this.#pending.indexOf('\r\n\r\n')
    if (end < 0) {
      if (this.#pending.length > maxHeadLength) throw new Error('endless head')
      return
    }
    const request = parseHead(this.#pending.toString('latin1', 0, end))
    this.#pending = this.#pending.subarray(end + 4)
    this.#current = request
    this.#framing = framingOf(request)
    if (!this.#forgets) this.requests.push(request)
    this.#events.head(request)
    this.#completeIfDone(request)
  }

  #readBody(request: SeenRequest): void {
    const { left } = this.#framing
    if (typeof left === 'string') {
      this.#readChunkLine(request)
      return
    }
    const part = this.#pending.subarray(0, left)
    this.#pending = this.#pending.subarray(part.length)
    this.#framing.left = left - part.length
    request.bodyBytes += part.length
    this.#events.piece(request, part)
    if (request.body.length < keptBytes) request.body = Buffer.concat([request.body, part]).subarray(0, keptBytes)
    if (this.#framing.kind === 'chunked' && this.#framing.left === 0) this.#framing.left = 'end'
    this.#completeIfDone(request)
  }

  #readChunkLine(request: SeenRequest): void {
    const end = this.#pending.indexOf('\r\n')
    if (end < 0) return
    const line = this.#pending.toString('latin1', 0, end)
    const isLast = this.#framing.left === 'size' && !(Number.parseInt(line, 16) > 0)
    // The empty line behind the last chunk must be there, too, before it can be judged.
    if (isLast && this.#pending.length < end + 4) return
    this.#pending = this.#pending.subarray(end + 2)
    if (this.#framing.left === 'end') {
      if (line !== '') request.doubts.push(`chunk not ended: ${JSON.stringify(line)}`)
      this.#framing.left = 'size'
      return
    }
    if (!/^[0-9a-f]{1,8}$/i.test(line)) request.doubts.push(`chunk size ${JSON.stringify(line)}`)
    const size = Number.parseInt(line, 16) || 0
    if (size > 0) {
      this.#framing.left = size
      return
    }
    if (!this.#pending.subarray(0, 2).equals(Buffer.from('\r\n'))) request.doubts.push('trailers or a broken end')
    this.#pending = this.#pending.subarray(2)
    this.#framing = { kind: 'length', left: 0 }
    this.#completeIfDone(request)
  }

  #completeIfDone(request: SeenRequest): void {
    if (this.#framing.kind !== 'length' || this.#framing.left > 0) return
    request.complete = true
    this.#current = null
    this.#events.complete(request)
  }
}

function parseHead(head: string): SeenRequest {
  const [requestLine = '', ...lines] = head.split('\r\n')
  const [method = '', target = ''] = requestLine.split(' ')
  const doubts: string[] = []
  if (!/^[A-Z-]+ \/[\x21-\x7e]* HTTP\/1\.1$/.test(requestLine))
    doubts.push(`request line ${JSON.stringify(requestLine)}`)
  const headers = lines.map((line): [string, string] => {
    const [, name = '', value = ''] = /^([^:]*):(.*)$/s.exec(line) ?? []
    // A token, a colon, and a value without any control character but the tab: no folds, no bare CR or LF, no NUL.
    if (!/^[!#$%&'*+\-.^_`|~0-9a-z]+$/i.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      doubts.push(`header line ${JSON.stringify(line)}`)
    return [name.toLowerCase(), trimmed(value)]
  })
  const count = (name: string) => headers.filter(([each]) => each === name).length
  if (count('host') !== 1) doubts.push(`${count('host')} Host fields`)
  if (count('content-length') + count('transfer-encoding') > 1) doubts.push('more than one framing')
  return { method, target, headers, body: Buffer.alloc(0), bodyBytes: 0, complete: false, doubts }
}

function framingOf({ headers, doubts }: SeenRequest): Framing {
  const value = (name: string) => headers.find(([each]) => each === name)?.[1]
  const encoding = value('transfer-encoding')
  if (encoding !== undefined) {
    if (encoding !== 'chunked') doubts.push(`Transfer-Encoding ${JSON.stringify(encoding)}`)
    return { kind: 'chunked', left: 'size' }
  }
  const length = value('content-length') ?? '0'
  if (!/^\d+$/.test(length)) doubts.push(`Content-Length ${JSON.stringify(length)}`)
  return { kind: 'length', left: Number(length) || 0 }
}
