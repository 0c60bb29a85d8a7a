/** Knows what each connection is at, and ends all of them when the gateway stops: none between a request and its answer. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Server, type Socket } from 'node:net'
import type { Clock, Lifecycle } from '../../../ports/index.ts'

/** A request may be on its way over a kept connection: its answer says `Connection: close`. One that is quiet has none. */
const quietMs = 1000
/** Connections in the listener's backlog are reset when it closes; one turn of the event loop accepts them. */
const lastCallMs = 50

export class Connections {
  readonly #server: Server
  /**
   * The latest response of each connection. A Set with changing members would keep removed ones alive until a full
   * collection, because its old tables stay linked to the new ones.
   */
  readonly #latest = new Map<Socket, ServerResponse | null>()

  constructor(server: Server, lifecycle: Pick<Lifecycle, 'draining'>) {
    this.#server = server
    server.on('connection', (socket: Socket) => {
      this.#latest.set(socket, null)
      socket.once('close', () => this.#latest.delete(socket))
    })
    server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      if (lifecycle.draining) response.shouldKeepAlive = false
      this.#latest.set(socket, response)
    })
  }

  underWay(): number {
    return [...this.#latest.values()].filter(isUnderWay).length
  }

  /** While draining. Accepts no further connections, and resolves when the last one is closed. */
  async end(clock: Clock): Promise<void> {
    for (const response of this.#latest.values()) if (isUnderWay(response)) response.shouldKeepAlive = false
    await clock.sleep(lastCallMs)
    for (const [socket, response] of this.#latest) {
      // If the headers of this answer were already sent, they promised to keep the connection alive.
      if (isUnderWay(response)) response.once('close', () => void this.#endWhenQuiet(socket, clock))
      else void this.#endWhenQuiet(socket, clock)
    }
    // The method of HTTP servers would end idle connections at once, with the requests that are on their way to them.
    await new Promise<void>((resolve) => Server.prototype.close.call(this.#server, () => resolve()))
  }

  async #endWhenQuiet(socket: Socket, clock: Clock): Promise<void> {
    const before = this.#latest.get(socket)
    await clock.sleep(quietMs)
    if (this.#latest.get(socket) === before) socket.end()
  }
}

/** A response detaches from its socket when it is finished or becomes a WebSocket. */
const isUnderWay = (response: ServerResponse | null): response is ServerResponse =>
  response !== null && response.socket !== null
