/**
 * Aborts when a caller's connection closes before its response is sent. Not an AbortSignal: V8 keeps each alive through
 * several collections, which costs a quarter of a proxied request.
 */
import type { EventEmitter } from 'node:events'
import type { CancelListener, CancelSignal } from '../../../ports/index.ts'

/** The part of ServerResponse that is used, of either HTTP version. */
type Outgoing = EventEmitter & { readonly writableFinished: boolean; readonly destroyed: boolean }

export class ConnectionCancelSignal implements CancelSignal {
  aborted: boolean
  readonly #listeners: CancelListener[] = []

  constructor(outgoing: Outgoing) {
    this.aborted = outgoing.destroyed && !outgoing.writableFinished
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) this.#notify()
    })
  }

  addEventListener(_type: 'abort', listener: CancelListener): void {
    this.#listeners.push(listener)
  }

  removeEventListener(_type: 'abort', listener: CancelListener): void {
    const index = this.#listeners.indexOf(listener)
    if (index >= 0) this.#listeners.splice(index, 1)
  }

  #notify(): void {
    if (this.aborted) return
    this.aborted = true
    for (const listener of this.#listeners.splice(0)) {
      if (typeof listener === 'function') listener()
      else listener.handleEvent()
    }
  }
}
