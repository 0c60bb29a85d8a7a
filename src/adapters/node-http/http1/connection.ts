/** One connection to an upstream, one exchange at a time on it. */
import { connect, type Socket } from 'node:net'
import { TransportError } from '../../../errors/gateway-error.ts'
import { atEndOfTurn } from './end-of-turn.ts'
import type { Controller, Handler } from './handler.ts'
import { ResponseReader } from './response-reader.ts'

/** Exchanges time out much earlier; this limit keeps a dead address from occupying a connection slot for minutes. */
const maxConnectMs = 10_000
/** Used when the upstream sends no Keep-Alive hint; many servers close after five seconds. */
const idleMs = 4000
/** Subtracted from the upstream's own limit, because a request takes time to arrive. */
const idleMarginMs = 2000
const maxIdleMs = 600_000

/** Shared by all connections. Data that must survive the current callback has to be copied. */
const inbox = Buffer.allocUnsafeSlow(65_536)

/** A request whose head is serialised for one upstream. */
export interface PreparedRequest {
  method: string
  head: string
  body: Uint8Array | null
  handler: Handler
  /** A connection failed before the request was written to it; a second failure is final. */
  moved: boolean
}

export interface ConnectionOwner {
  /** The connection was established, or is free again. */
  ready(connection: Connection): void
  /** The connection is closed; `error` is set only when it was never established. */
  gone(connection: Connection, error: Error | null): void
  /** The connection failed before it wrote this request, of which no byte was sent. */
  unsent(request: PreparedRequest, error: Error): void
}

export class Connection implements Controller {
  /** Monotonic time after which an idle connection must not be reused. */
  idleUntil = 0
  readonly #socket: Socket
  readonly #owner: ConnectionOwner
  readonly #connectTimer: NodeJS.Timeout
  #connected = false
  #gone = false
  #paused = false
  #reader: ResponseReader | null = null
  #request: PreparedRequest | null = null
  #written = false

  constructor(host: string, port: number, owner: ConnectionOwner) {
    this.#owner = owner
    const onread = { buffer: inbox, callback: (length: number) => this.#read(length) }
    this.#socket = connect({ host, port, noDelay: true, keepAlive: true, onread })
    this.#connectTimer = setTimeout(() => this.#socket.destroy(new TransportError('timeout')), maxConnectMs)
    this.#socket
      .once('connect', () => this.#opened())
      .once('end', () => this.#ended())
      .on('error', (error) => this.#fail(error))
      .once('close', () => this.#fail(new TransportError('reset')))
  }

  get paused(): boolean {
    return this.#paused
  }

  pause(): void {
    this.#paused = true
    this.#socket.pause()
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#socket.resume()
  }

  get aborted(): boolean {
    return this.#gone
  }

  abort(error: Error): void {
    this.#written = true
    this.#fail(error)
  }

  /** Errors thrown by `handler.onRequestStart` reach the caller of `send`. */
  send(request: PreparedRequest): void {
    request.handler.onRequestStart(this)
    this.#request = request
    this.#written = false
    this.#reader = new ResponseReader(request.method, request.handler, this)
    atEndOfTurn(() => this.#write(request))
  }

  #write({ head, body }: PreparedRequest): void {
    if (this.#gone) return
    this.#written = true
    if (body === null || body.byteLength === 0) {
      this.#socket.write(head, 'latin1')
      return
    }
    this.#socket.cork()
    this.#socket.write(head, 'latin1')
    this.#socket.write(body)
    this.#socket.uncork()
  }

  /** Reading begins after this turn, so only in the next one an upstream is noticed that speaks first. */
  #opened(): void {
    clearTimeout(this.#connectTimer)
    this.#connected = true
    this.#stayFor(null)
    atEndOfTurn(() => {
      if (!this.#gone) this.#owner.ready(this)
    })
  }

  /** Returning false stops the socket from reading. */
  #read(length: number): boolean {
    const reader = this.#reader
    // No request is outstanding: the bytes answer nothing, not even the request that is about to be written.
    if (!reader || !this.#written) {
      this.#fail(new TransportError('malformed'))
      return false
    }
    try {
      reader.read(inbox.subarray(0, length))
    } catch (error) {
      this.#fail(error as Error)
      return false
    }
    if (reader.over) this.#finish(reader)
    return !this.#paused
  }

  #ended(): void {
    const reader = this.#reader
    if (!reader) return void this.#fail(new TransportError('reset'))
    try {
      reader.end()
      this.#finish(reader)
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #finish(reader: ResponseReader): void {
    this.#reader = null
    this.#request = null
    if (this.#gone) return
    // The answer arrived before the request was written completely, so the connection's state is unknown.
    if (!reader.reusable || this.#socket.writableLength > 0) return void this.#fail(new TransportError('reset'))
    this.#stayFor(reader.idleHintS)
    if (this.#paused) this.resume()
    this.#owner.ready(this)
  }

  #stayFor(hintS: number | null): void {
    const ms = hintS === null ? idleMs : Math.min(hintS * 1000 - idleMarginMs, maxIdleMs)
    this.idleUntil = performance.now() + ms
  }

  #fail(error: Error): void {
    if (this.#gone) return
    this.#gone = true
    clearTimeout(this.#connectTimer)
    const request = this.#request
    this.#request = null
    this.#reader = null
    this.#socket.destroy()
    if (this.#written) request?.handler.onResponseError(this, error)
    this.#owner.gone(this, this.#connected ? null : error)
    if (request && !this.#written) this.#owner.unsent(request, error)
  }
}
