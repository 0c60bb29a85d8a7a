/** Opens WebSockets to upstreams over the ws package, within the port's time limits and with the raw path. */
import type { ClientRequest, IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { TransportError, type TransportFailure } from '../../errors/gateway-error.ts'
import type { OpenedWebSocket, UpstreamAnswer, WebSocketInit, WebSocketTransport } from '../../ports/index.ts'
import { nodePeer, socketOptions } from './peer.ts'
import { distinctHeaderFields, readRefusal } from './refusal.ts'

export const nodeDialer =
  (maxMessageBytes: number): WebSocketTransport =>
  (url, init) =>
    new Promise((resolve, reject) => {
      if (init.signal?.aborted) return reject(new TransportError('aborted'))
      new Dial(url, init, maxMessageBytes, resolve, reject)
    })

class Dial {
  readonly #socket: WebSocket
  readonly #init: WebSocketInit
  readonly #resolve: (answer: OpenedWebSocket | UpstreamAnswer) => void
  readonly #reject: (error: TransportError) => void
  #timer: NodeJS.Timeout
  #connected = false
  #switched: IncomingMessage | null = null
  #protocol: string | null = null

  constructor(
    url: string,
    init: WebSocketInit,
    maxMessageBytes: number,
    resolve: (answer: OpenedWebSocket | UpstreamAnswer) => void,
    reject: (error: TransportError) => void,
  ) {
    this.#init = init
    this.#resolve = resolve
    this.#reject = reject
    const { connectMs, firstByteMs } = init.limits
    this.#timer = setTimeout(this.#tooLate, Math.min(connectMs, firstByteMs))
    init.signal?.addEventListener('abort', this.#leave)
    const [origin, path] = splitUrl(url)
    this.#socket = new WebSocket(origin, {
      ...socketOptions(maxMessageBytes),
      headers: sentHeaders(init),
      finishRequest: (request) => this.#send(request, path),
    })
    this.#socket.on('upgrade', (response) => this.#agreed(response))
    this.#socket.on('open', () => this.#opened())
    this.#socket.on('unexpected-response', (_request, response) => this.#refused(response))
    this.#socket.on('error', (error) => this.#failed(error))
  }

  #send(request: ClientRequest, path: string): void {
    // Set here because ws takes its path from a URL parser, which would rewrite it.
    request.path = path
    request.on('socket', (socket) => {
      const connected = () => {
        this.#connected = true
        this.#restartTimer(this.#init.limits.firstByteMs)
      }
      socket.once(this.#socket.url.startsWith('wss:') ? 'secureConnect' : 'connect', connected)
    })
    request.end()
  }

  /**
   * Checks the chosen sub-protocol and hides it from ws, which fails if the upstream chooses none;
   * RFC 6455 §4.2.2 allows that, and the caller then gets none.
   */
  #agreed(response: IncomingMessage): void {
    this.#switched = response
    const { 'sec-websocket-protocol': chosen, ...headers } = response.headers
    response.headers = headers
    this.#protocol = chosen ?? null
    if (chosen !== undefined && !this.#init.protocols.includes(chosen)) this.#fail('malformed')
  }

  #opened(): void {
    // Created first: it pauses reading before a message can arrive.
    const peer = nodePeer(this.#socket)
    if (!this.#switched || !this.#finish()) return
    this.#resolve({ peer, protocol: this.#protocol, headers: distinctHeaderFields(this.#switched) })
  }

  #refused(response: IncomingMessage): void {
    this.#restartTimer(this.#init.limits.idleMs)
    readRefusal(response, (answer) => {
      if (this.#finish()) this.#resolve(answer)
      this.#socket.terminate()
    })
  }

  readonly #tooLate = () => this.#fail('timeout')
  readonly #leave = () => this.#fail('aborted')

  #failed(error: NodeJS.ErrnoException): void {
    this.#fail(this.#failureOf(error), error)
  }

  #failureOf({ code }: NodeJS.ErrnoException): TransportFailure {
    if (code === 'ETIMEDOUT') return 'timeout'
    // ws sets no code for a response that violates RFC 6455; HPE_* is the code for invalid HTTP.
    if (code?.startsWith('HPE_') || (this.#switched && code === undefined)) return 'malformed'
    return this.#connected ? 'reset' : 'unreachable'
  }

  #fail(failure: TransportFailure, cause?: Error): void {
    if (!this.#finish()) return
    this.#reject(new TransportError(failure, { cause }))
    this.#socket.terminate()
  }

  #restartTimer(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#tooLate, ms)
  }

  /** False when an outcome was reported before. */
  #finish(): boolean {
    if (this.#settled) return false
    this.#settled = true
    clearTimeout(this.#timer)
    this.#init.signal?.removeEventListener('abort', this.#leave)
    return true
  }

  #settled = false
}

const splitUrl = (url: string): [origin: string, path: string] => {
  const slash = url.indexOf('/', url.indexOf('://') + 3)
  return slash < 0 ? [url, '/'] : [url.slice(0, slash), url.slice(slash)]
}

/** Sub-protocols are sent as a header instead of ws's option, see `#agreed`. */
const sentHeaders = ({ headers, protocols }: WebSocketInit) =>
  protocols.length > 0 ? { ...headers, 'sec-websocket-protocol': protocols.join(', ') } : headers
