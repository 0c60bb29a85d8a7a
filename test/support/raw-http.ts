/** A client that sends bytes just as they are, and reads answers without believing them. */
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  status: number
  /** As they came, in order, repeats included; names in lower case. */
  headers: [name: string, value: string][]
  body: Buffer
  /** The body is all there by its own framing; one that only the end of the connection ends never is. */
  complete: boolean
  /** Status codes of the interim answers (1xx) before it. */
  interim: number[]
}

export interface RawOutcome {
  answers: RawAnswer[]
  /** `kept`: open after the answer; `hung`: open, and no whole answer came in time; `stopped`: we had enough. */
  end: 'kept' | 'closed' | 'reset' | 'hung' | 'stopped'
  /** Milliseconds from the last byte sent to the end. */
  tookMs: number
  bytes: Buffer
}

export interface RawOptions {
  /** How long the connection must stay silent after an answer before we believe that no other follows. */
  quietMs?: number
  /** A connection that is neither closed nor answered by then has hung. */
  timeoutMs?: number
  /** Leaves after that many bytes. */
  stopAfterBytes?: number
  /** Answers to wait for. */
  answers?: number
  method?: string
}

export type Pieces = string | Uint8Array | readonly (string | Uint8Array)[]

/** Sends the pieces and gathers everything that comes back. Text is sent as latin1: one character, one byte. */
export function sendRaw(url: string, pieces: Pieces, options: RawOptions = {}): Promise<RawOutcome> {
  const { quietMs = 25, timeoutMs = 8000, stopAfterBytes = 4 * 2 ** 20, answers: wanted = 1, method = 'GET' } = options
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let received = 0
    let wasReset = false
    let quiet: NodeJS.Timeout | undefined
    const startedAt = performance.now()
    const socket = openSocket(url)
    const hung = setTimeout(() => finish('hung'), timeoutMs)

    const finish = (end: RawOutcome['end']) => {
      clearTimeout(hung)
      clearTimeout(quiet)
      socket.removeAllListeners('data').removeAllListeners('close').destroy()
      const bytes = Buffer.concat(chunks)
      resolve({ answers: readAnswers(bytes, method), end, tookMs: performance.now() - startedAt, bytes })
    }
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      received += chunk.length
      clearTimeout(quiet)
      if (received >= stopAfterBytes) return finish('stopped')
      const answers = readAnswers(Buffer.concat(chunks), method)
      // An announced end is waited for: on a busy machine it may be late.
      if (answers.some((answer) => headerOf(answer, 'connection') === 'close')) return
      if (answers.filter(({ complete }) => complete).length >= wanted) quiet = setTimeout(() => finish('kept'), quietMs)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      wasReset = error.code === 'ECONNRESET' || error.code === 'EPIPE'
    })
    socket.on('close', () => finish(wasReset ? 'reset' : 'closed'))
    for (const piece of list(pieces)) socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)
  })
}

export function openSocket(url: string): Socket {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  return socket.on('error', () => {})
}

const list = (pieces: Pieces) => (typeof pieces === 'string' || pieces instanceof Uint8Array ? [pieces] : pieces)

/** Every answer in the bytes; only the last can be incomplete. */
export function readAnswers(bytes: Buffer, method = 'GET'): RawAnswer[] {
  const answers: RawAnswer[] = []
  let interim: number[] = []
  let rest = bytes
  while (rest.length > 0) {
    const head = readHead(rest)
    if (!head) break
    if (head.status < 200) {
      interim.push(head.status)
      rest = head.rest
      continue
    }
    const body = readBody(head, method)
    answers.push({ status: head.status, headers: head.headers, body: body.bytes, complete: body.complete, interim })
    interim = []
    rest = body.rest
  }
  return answers
}

interface Head {
  status: number
  headers: [string, string][]
  rest: Buffer
}

function readHead(bytes: Buffer): Head | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? 0), headers, rest: bytes.subarray(end + 4) }
}

export const headerOf = ({ headers }: Pick<RawAnswer, 'headers'>, name: string): string | undefined =>
  headers.find(([each]) => each === name)?.[1]

type Body = { bytes: Buffer; complete: boolean; rest: Buffer }
const nothing = Buffer.alloc(0)

function readBody(head: Head, method: string): Body {
  if (method === 'HEAD' || head.status === 204 || head.status === 304)
    return { bytes: nothing, complete: true, rest: head.rest }
  if (headerOf(head, 'transfer-encoding') !== undefined) return readChunks(head.rest)
  const length = headerOf(head, 'content-length')
  if (length === undefined) return { bytes: head.rest, complete: false, rest: nothing }
  const bytes = head.rest.subarray(0, Number(length))
  return { bytes, complete: bytes.length === Number(length), rest: head.rest.subarray(bytes.length) }
}

/** No trailers are expected: the gateway drops them. */
export function readChunks(bytes: Buffer): Body {
  const parts: Buffer[] = []
  let at = 0
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = lineEnd < 0 ? Number.NaN : Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const end = lineEnd + 2 + size + 2
    if (Number.isNaN(size) || end > bytes.length) {
      if (size > 0) parts.push(bytes.subarray(lineEnd + 2))
      return { bytes: Buffer.concat(parts), complete: false, rest: nothing }
    }
    if (size === 0) return { bytes: Buffer.concat(parts), complete: true, rest: bytes.subarray(end) }
    parts.push(bytes.subarray(lineEnd + 2, end - 2))
    at = end
  }
}

/** The answer as the web platform would show it, for assertions that take one. */
export const asResponse = ({ status, headers, body }: RawAnswer): Response =>
  new Response(new Uint8Array(body), { status, headers })
