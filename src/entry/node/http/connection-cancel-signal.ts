/**
 * Tells that a caller's connection closed before its answer was out. An AbortSignal would, too; but V8 keeps each alive
 * through several collections, and they came to a quarter of what a proxied request costs.
 */
import type { EventEmitter } from 'node:events'
import type { Departure, DepartureListener } from '../../../ports/index.ts'

/** What is used of a ServerResponse of either HTTP version. */
type Outgoing = EventEmitter & { readonly writableFinished: boolean; readonly destroyed: boolean }

export class ConnectionDeparture implements Departure {
  aborted: boolean
  readonly #listeners: DepartureListener[] = []

  constructor(outgoing: Outgoing) {
    this.aborted = outgoing.destroyed && !outgoing.writableFinished
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) this.#tell()
    })
  }

  addEventListener(_type: 'abort', listener: DepartureListener): void {
    this.#listeners.push(listener)
  }

  removeEventListener(_type: 'abort', listener: DepartureListener): void {
    const index = this.#listeners.indexOf(listener)
    if (index >= 0) this.#listeners.splice(index, 1)
  }

  #tell(): void {
    if (this.aborted) return
    this.aborted = true
    for (const listener of this.#listeners.splice(0)) {
      if (typeof listener === 'function') listener()
      else listener.handleEvent()
    }
  }
}
