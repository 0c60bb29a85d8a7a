/**
 * A stricter node:http server: refuses ambiguous requests, and answers what its parser rejects with a problem body
 * like any other error.
 */
import { randomUUID } from 'node:crypto'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { catalogue, type ErrorCode } from '../../../errors/gateway-error.ts'
import type { Problem } from '../../../http/answer/problem-body.ts'
import { type ProgressLimits, ProgressWatch, progressLimits } from './progress-watch.ts'
import { RequestQueue } from './request-queue.ts'
import { WatchedRequest } from './watched-request.ts'

/** Time for a caller that is still sending to read a refusal; an immediate close would reset the connection. */
const lingerMs = 1000

/** A URI's authority (RFC 3986 §3.2) without userinfo. */
const hostPattern = /^(?:[\w.~!$&'()*+,;=%-]+|\[[0-9a-f:.]+\])(?::\d*)?$/i

/**
 * The host in a form that the server library takes, which `[::1]:` and `127.1` are not; null where none can exist, as for
 * `[8:1]` and port 99999.
 */
function acceptableHost(host: string): string | null {
  if (host === lastHost[0]) return lastHost[1]
  const url = hostPattern.test(host) ? URL.parse(`http://${host}`) : null
  const isPlain = url?.hostname === host.replace(/:\d+$/, '').toLowerCase()
  lastHost = [host, isPlain ? host : (url?.host ?? null)]
  return lastHost[1]
}
let lastHost: readonly [host: string, acceptable: string | null] = ['', null]

type Refusal = Extract<
  ErrorCode,
  | 'bad_request'
  | 'bad_request_target'
  | 'request_timeout'
  | 'body_too_large'
  | 'body_not_allowed'
  | 'expectation_failed'
  | 'headers_too_large'
>

/** Typed as createServer because Hono's server option requires all of its overloads; it calls this one. */
export const strictServer = createStrictServer as typeof createServer

export interface StrictServerOptions extends ServerOptions {
  progress?: ProgressLimits
}

/**
 * Emits `stalled` with a Stall when it ends a connection for lack of progress, and `discarded` with the bytes of a body
 * that come after its answer.
 */
export function createStrictServer(options: StrictServerOptions, listener: RequestListener): Server {
  const queue = new RequestQueue()
  /** Connections of which no further request is read, and those of which the latest request was refused or broke. */
  const givenUp = new WeakSet<Duplex>()
  const failed = new WeakSet<Duplex>()
  const answer = (request: IncomingMessage, response: ServerResponse, refusal: Refusal | null) => {
    const { socket } = request
    // Bytes after a doubtful request may be a part of it; one that no answer can follow any more must not be acted upon.
    if (givenUp.has(socket) || !socket.writable) return
    const isLast = refusal !== null || request.headers.upgrade !== undefined || queue.isFull(socket)
    if (isLast) endWith(socket, response)
    if (refusal) failed.add(socket)
    if (hasBody(request))
      response.prependOnceListener('finish', () => {
        if (!request.complete) (request as WatchedRequest).discarded = (bytes) => server.emit('discarded', bytes)
      })
    queue.add(socket, response, () =>
      refusal ? refuse(response, refusal) : listener(request, response as Parameters<RequestListener>[1]),
    )
  }
  /** Node's parser loses its place after an ignored Upgrade, so nothing after this request is read as a request. */
  const endWith = (socket: Duplex, response: ServerResponse) => {
    givenUp.add(socket)
    response.shouldKeepAlive = false
  }
  const { shouldUpgradeCallback: mayUpgrade = () => server.listenerCount('upgrade') > 0 } = options
  const strict: ServerOptions = {
    ...options,
    requireHostHeader: false,
    IncomingMessage: WatchedRequest as unknown as typeof IncomingMessage,
    // A doubtful handshake is refused like any doubtful request.
    shouldUpgradeCallback: (request) => doubtOf(request) === null && mayUpgrade(request),
  }
  const server: Server = createServer(strict, (request, response) => answer(request, response, doubtOf(request)))
  server.on('checkExpectation', (request, response) => answer(request, response, 'expectation_failed'))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Node reports the error again for every further piece of input.
    const last = queue.last(socket)
    if (failed.has(socket) || (givenUp.has(socket) && last?.req.complete)) return
    failed.add(socket)
    givenUp.add(socket)
    // What is written now would become a part of an answer before it.
    if (queue.isWaiting(socket) && !last?.req.complete) socket.destroy()
    else hangUp(socket, error, last)
  })
  endStalled(server, queue, options.progress ?? progressLimits)
  return server
}

function endStalled(server: Server, queue: RequestQueue, limits: ProgressLimits): void {
  const connections = new Set<Socket>()
  const watch = new ProgressWatch(limits)
  server.on('connection', (socket: Socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  const check = () => {
    const now = performance.now()
    for (const socket of connections) {
      const stall = watch.check(socket, queue.last(socket)?.req as WatchedRequest | undefined, now)
      if (!stall) continue
      server.emit('stalled', stall)
      if (stall === 'slow_body') server.emit('clientError', { code: 'ERR_HTTP_REQUEST_TIMEOUT' }, socket)
      else socket.destroy()
    }
  }
  const timer = setInterval(check, limits.checkEveryMs).unref()
  server.once('close', () => clearInterval(timer))
}

/** Requests that Node's parser accepts although RFC 9112 requires a refusal (§2.3, §3.2, §6.1, §6.3). */
function doubtOf(request: IncomingMessage): Refusal | null {
  const { method, httpVersion, headers, rawHeaders, url = '' } = request
  if (!url.startsWith('/') || url.includes('\\')) return 'bad_request_target'
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return 'bad_request'
  if (headers.host === undefined && httpVersion === '1.1') return 'bad_request'
  if (headers.host !== undefined) {
    const host = acceptableHost(headers.host)
    if (host === null) return 'bad_request'
    headers.host = host
  }
  if (isRepeated(rawHeaders, 'host')) return 'bad_request'
  const coding = headers['transfer-encoding']
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || httpVersion === '1.0')) return 'bad_request'
  // It has no meaning (RFC 9110 §9.3.1), and a web Request cannot carry it: passed on, the body would be missing.
  return hasBody(request) && (method === 'GET' || method === 'HEAD') ? 'body_not_allowed' : null
}

const hasBody = ({ headers }: IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0

function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const each = rawHeaders[index]
    if (each?.length === name.length && each.toLowerCase() === name) count++
  }
  return count > 1
}

function refuse(response: ServerResponse, refusal: Refusal): void {
  const { status, fields, body } = problem(refusal)
  response.writeHead(status, { ...fields, connection: 'close' }).end(body)
}

/** The parser failed on the connection; `last` is its latest request that was well-formed so far. */
function hangUp(socket: Duplex, { code }: NodeJS.ErrnoException, last: ServerResponse | undefined): void {
  if (code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const isOpen = last !== undefined && !last.writableFinished
  // A whole request came before what is malformed: it gets its answer, and nothing follows.
  if (isOpen && last.req.complete) {
    last.shouldKeepAlive = false
    last.once('finish', () => socket.end())
    last.once('close', () => socket.destroy())
    return
  }
  if (isOpen && last.headersSent) return void socket.destroy()
  const { status, title, fields, body } = problem(refusalFor(code))
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.end(`HTTP/1.1 ${status} ${title}\r\n${head.join('')}connection: close\r\n\r\n${body}`)
  // Close at once after a body that broke off, so that the upstream exchange is aborted.
  if (isOpen) socket.once('finish', () => socket.destroy())
  else setTimeout(() => socket.destroy(), lingerMs).unref()
}

function refusalFor(code: string | undefined): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return 'headers_too_large'
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return 'body_too_large'
  if (code === 'HPE_INVALID_URL') return 'bad_request_target'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request_timeout' : 'bad_request'
}

/** No Hono context exists before the app, so this error body is not written by http/answer/problem.ts. */
function problem(code: Refusal) {
  const { status, title, detail } = catalogue[code]
  const correlationId = randomUUID()
  const body = JSON.stringify({
    type: `/docs#error-${code}`,
    title,
    detail,
    error: code,
    status_code: status,
    correlation_id: correlationId,
  } satisfies Problem)
  const fields = {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'x-correlation-id': correlationId,
  }
  return { status, title, fields, body }
}
