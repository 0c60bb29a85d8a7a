/** Knows what each connection is at, and ends all of them when the gateway stops: none between a request and its answer. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Server, type Socket } from 'node:net'
import type { Clock, Lifecycle } from '../../../ports/index.ts'

/** A request may be on its way over a kept connection: its answer says `Connection: close`. One that is quiet has none. */
const quietMs = 1000
/** A turn of the event loop accepts one connection of the backlog; one that is short and accepts none found it empty. */
const shortTurnMs = 0.2
const lastCallMs = 1000

export class Connections {
  readonly #server: Server
  readonly #lifecycle: Lifecycle
  #accepted = 0
  /**
   * The latest response of each connection. A Set with changing members would keep removed ones alive until a full
   * collection, because its old tables stay linked to the new ones.
   */
  readonly #latest = new Map<Socket, ServerResponse | null>()

  constructor(server: Server, lifecycle: Lifecycle) {
    this.#server = server
    this.#lifecycle = lifecycle
    server.on('connection', (socket: Socket) => {
      this.#accepted++
      this.#latest.set(socket, null)
      socket.once('close', () => this.#latest.delete(socket))
    })
    server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
      if (lifecycle.phase === 'closing') response.shouldKeepAlive = false
      this.#latest.set(socket, response)
    })
  }

  underWay(): number {
    return [...this.#latest.values()].filter(isUnderWay).length
  }

  /** Accepts no further connection; every answer from now on is the last of its own. `ended`: the last one is closed. */
  async stopListening(clock: Clock): Promise<{ ended: Promise<void> }> {
    await this.#emptyBacklog()
    // The method of HTTP servers would end idle connections at once, with the requests that are on their way to them.
    const ended = new Promise<void>((resolve) => Server.prototype.close.call(this.#server, () => resolve()))
    this.#lifecycle.phase = 'closing'
    for (const [socket, response] of this.#latest) {
      if (!isUnderWay(response)) void this.#endWhenQuiet(socket, clock)
      else if (response.headersSent) response.once('close', () => void this.#endWhenQuiet(socket, clock))
      else response.shouldKeepAlive = false
    }
    return { ended }
  }

  /** The listener's end resets the connections that wait to be accepted. */
  async #emptyBacklog(): Promise<void> {
    const until = performance.now() + lastCallMs
    // The rest of this turn may accept nothing: what is ready is looked at in the next one.
    await new Promise(setImmediate)
    for (let turnAt = performance.now(); turnAt < until; turnAt = performance.now()) {
      const accepted = this.#accepted
      await new Promise(setImmediate)
      if (accepted === this.#accepted && performance.now() - turnAt < shortTurnMs) return
    }
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
