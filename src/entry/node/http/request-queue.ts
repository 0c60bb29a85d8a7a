/** Handles pipelined requests of a connection in order: a GET must see the effect of the PUT before it. */
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Further requests of a connection are not read; it closes after its last response. */
const maxWaiting = 32

interface Line {
  last: ServerResponse
  waiting: number
}

export class RequestQueue {
  readonly #lines = new WeakMap<Duplex, Line>()

  /** The latest response of a connection. */
  last(socket: Duplex): ServerResponse | undefined {
    return this.#lines.get(socket)?.last
  }

  /** True if another response must be sent before the latest. */
  isWaiting(socket: Duplex): boolean {
    return (this.#lines.get(socket)?.waiting ?? 0) > 0
  }

  isFull(socket: Duplex): boolean {
    return (this.#lines.get(socket)?.waiting ?? 0) >= maxWaiting
  }

  /** Calls `handle` after the previous response, unless that closed the connection. */
  add(socket: Duplex, response: ServerResponse, handle: () => void): void {
    const line = this.#lines.get(socket)
    if (!line) {
      this.#lines.set(socket, { last: response, waiting: 0 })
      handle()
      return
    }
    const before = line.last
    line.last = response
    if (before.writableFinished || before.destroyed) {
      handle()
      return
    }
    line.waiting++
    before.once('close', () => {
      line.waiting--
      if (before.writableFinished && !socket.destroyed) handle()
    })
  }
}
