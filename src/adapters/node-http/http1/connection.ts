/** One connection to an upstream, one exchange at a time on it. */
import { connect, type Socket } from 'node:net'
import { TransportError } from '../../../errors/gateway-error.ts'
import { atEndOfTurn } from './end-of-turn.ts'
import type { Controller, Handler } from './handler.ts'
import { ResponseReader } from './response-reader.ts'

/** Whoever waits for a connection gives up long before; this only sees to it that a dead address holds none for minutes. */
const longestConnectMs = 10_000
/** Without a word of the upstream's; many close after five seconds. */
const idleMs = 4000
/** A request takes a moment to arrive, so one does not wait for the upstream's own limit. */
const idleMarginMs = 2000
const longestIdleMs = 600_000

/** Every connection reads into it: what is to be kept is copied before the next one reads. */
const inbox = Buffer.allocUnsafeSlow(65_536)

export interface ConnectionOwner {
  /** It is there, or free again. */
  ready(connection: Connection): void
  /** It is gone; `error` says why when it never came to be. */
  gone(connection: Connection, error: Error | null): void
}

export class Connection implements Controller {
  /** When it must not be used any more, on the monotonic clock. */
  idleUntil = 0
  readonly #socket: Socket
  readonly #owner: ConnectionOwner
  readonly #connectTimer: NodeJS.Timeout
  #connected = false
  #gone = false
  #paused = false
  #reader: ResponseReader | null = null
  #handler: Handler | null = null

  constructor(host: string, port: number, owner: ConnectionOwner) {
    this.#owner = owner
    const onread = { buffer: inbox, callback: (length: number) => this.#read(length) }
    this.#socket = connect({ host, port, noDelay: true, keepAlive: true, onread })
    this.#connectTimer = setTimeout(() => this.#socket.destroy(new TransportError('timeout')), longestConnectMs)
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
    this.#fail(error)
  }

  /** Sends a request whose head was made for this upstream. What `handler.onRequestStart` throws goes to the caller. */
  send(method: string, head: string, body: Uint8Array | null, handler: Handler): void {
    handler.onRequestStart(this)
    this.#handler = handler
    this.#reader = new ResponseReader(method, handler, this)
    atEndOfTurn(() => this.#write(head, body))
  }

  #write(head: string, body: Uint8Array | null): void {
    if (this.#gone) return
    if (body === null || body.byteLength === 0) {
      this.#socket.write(head, 'latin1')
      return
    }
    this.#socket.cork()
    this.#socket.write(head, 'latin1')
    this.#socket.write(body)
    this.#socket.uncork()
  }

  #opened(): void {
    clearTimeout(this.#connectTimer)
    this.#connected = true
    this.#stayFor(null)
    this.#owner.ready(this)
  }

  /** False keeps the socket from reading on. */
  #read(length: number): boolean {
    const reader = this.#reader
    // Nobody asked for anything.
    if (!reader) {
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
    this.#handler = null
    if (this.#gone) return
    // An answer to a request that is not out yet says nothing about the bytes that still leave.
    if (!reader.reusable || this.#socket.writableLength > 0) return void this.#fail(new TransportError('reset'))
    this.#stayFor(reader.idleHintS)
    if (this.#paused) this.resume()
    this.#owner.ready(this)
  }

  #stayFor(hintS: number | null): void {
    const ms = hintS === null ? idleMs : Math.min(hintS * 1000 - idleMarginMs, longestIdleMs)
    this.idleUntil = performance.now() + ms
  }

  #fail(error: Error): void {
    if (this.#gone) return
    this.#gone = true
    clearTimeout(this.#connectTimer)
    const handler = this.#handler
    this.#handler = null
    this.#reader = null
    this.#socket.destroy()
    handler?.onResponseError(this, error)
    this.#owner.gone(this, this.#connected ? null : error)
  }
}
