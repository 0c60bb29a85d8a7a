/** The connection pool of one upstream: reuses the most recently used connection and closes idle ones in time. */
import { TransportError } from '../../../errors/gateway-error.ts'
import { Connection, type ConnectionOwner, type PreparedRequest } from './connection.ts'
import { atEndOfTurn } from './end-of-turn.ts'
import type { Handler } from './handler.ts'
import { type OutgoingRequest, requestHead } from './request-head.ts'

const sweepMs = 1000

export class Pool implements ConnectionOwner {
  readonly #host: string
  readonly #port: number
  readonly #authority: string
  readonly #maxConnections: () => number
  readonly #all = new Set<Connection>()
  readonly #opening = new Set<Connection>()
  #idle: Connection[] = []
  #freed: Connection[] = []
  #waiting: PreparedRequest[] = []
  #closed = false
  #sweeper: NodeJS.Timeout | null = null

  /** `authority` is the URL's host and port; exchanges beyond `maxConnections` wait. */
  constructor(authority: string, maxConnections: () => number) {
    const { host, hostname, port } = new URL(`http://${authority}`)
    this.#host = hostname.replace(/^\[|\]$/g, '')
    this.#port = Number(port || 80)
    this.#authority = host
    this.#maxConnections = maxConnections
  }

  dispatch(request: OutgoingRequest, handler: Handler): void {
    if (this.#closed) return void handler.onResponseError(null, new TransportError('aborted'))
    try {
      const head = requestHead(request, this.#authority)
      this.#place({ method: request.method, head, body: request.body, handler, moved: false })
    } catch (error) {
      handler.onResponseError(null, error as Error)
    }
  }

  close(): void {
    this.#closed = true
    if (this.#sweeper) clearTimeout(this.#sweeper)
    for (const { handler } of this.#waiting.splice(0)) handler.onResponseError(null, new TransportError('aborted'))
    for (const connection of this.#all) connection.abort(new TransportError('aborted'))
  }

  /** A used connection becomes free at the end of the turn: by then a close that follows the answer was seen. */
  ready(connection: Connection): void {
    if (this.#opening.delete(connection)) this.#offer(connection)
    else if (this.#freed.push(connection) === 1) atEndOfTurn(() => this.#offerFreed())
  }

  gone(connection: Connection, error: Error | null): void {
    this.#all.delete(connection)
    this.#opening.delete(connection)
    this.#idle = this.#idle.filter((each) => each !== connection)
    if (error) this.#waiting.shift()?.handler.onResponseError(null, error)
    this.#openMore()
  }

  /** Safe for every method, because nothing was sent. */
  unsent(request: PreparedRequest, error: Error): void {
    if (request.moved || this.#closed) request.handler.onResponseError(null, error)
    else this.#place({ ...request, moved: true })
  }

  #place(request: PreparedRequest): void {
    const connection = this.#takeIdle()
    if (!connection) {
      this.#waiting.push(request)
      this.#openMore()
    } else if (!start(connection, request)) this.#offer(connection)
  }

  #takeIdle(): Connection | null {
    for (let connection = this.#idle.pop(); connection; connection = this.#idle.pop()) {
      if (connection.idleUntil > performance.now()) return connection
      connection.abort(new TransportError('reset'))
    }
    return null
  }

  #openMore(): void {
    while (this.#waiting.length > this.#opening.size + this.#freed.length && this.#all.size < this.#maxConnections()) {
      if (this.#closed) return
      const connection = new Connection(this.#host, this.#port, this)
      this.#all.add(connection)
      this.#opening.add(connection)
    }
  }

  #offerFreed(): void {
    const freed = this.#freed
    this.#freed = []
    for (const connection of freed) if (this.#all.has(connection)) this.#offer(connection)
    this.#openMore()
  }

  /** Gives the connection to the longest-waiting exchange that was not cancelled, or marks it idle. */
  #offer(connection: Connection): void {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) if (start(connection, next)) return
    this.#idle.push(connection)
    this.#sweeper ??= setTimeout(() => this.#sweep(), sweepMs).unref()
  }

  #sweep(): void {
    const now = performance.now()
    for (const connection of this.#idle.filter(({ idleUntil }) => idleUntil <= now))
      connection.abort(new TransportError('reset'))
    this.#sweeper = this.#idle.length > 0 ? setTimeout(() => this.#sweep(), sweepMs).unref() : null
  }
}

/** False if the exchange was cancelled; then nothing was sent. */
function start(connection: Connection, request: PreparedRequest): boolean {
  try {
    connection.send(request)
    return true
  } catch {
    return false
  }
}
