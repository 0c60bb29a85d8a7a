/** Events on their way to the gateway, one at a time, so that each answer belongs to the one that waits. */
import { canonicalTypes, type OutgoingEvent } from './canonical.ts'
import { GatewayProblem, Unreachable } from './problem.ts'

/** Where the gateway stored an event. */
export interface Stored {
  event_id: string
  stream_id: number
}

export interface ErrorFrame {
  error: string
  detail?: string
  retry_after?: number
}

interface Waiting {
  text: string
  resolve(stored: Stored): void
  reject(error: unknown): void
}

export class Outbox {
  readonly #waiting: Waiting[] = []
  #sent: Waiting | undefined
  #echoed = false
  #transmit: ((text: string) => void) | undefined
  #ended: unknown

  send(event: OutgoingEvent): Promise<Stored> {
    if (!canonicalTypes.has(event.type)) {
      return Promise.reject(new TypeError(`${event.type} is no canonical type: use ingestEvent`))
    }
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text: JSON.stringify(event), resolve, reject })
      this.#next()
    })
  }

  /** A line is open: what waits goes out over it. */
  open(transmit: (text: string) => void): void {
    this.#transmit = transmit
    this.#next()
  }

  /** Nobody can say what became of the event that was under way. */
  broken(reason: string): void {
    this.#transmit = undefined
    this.#settled()?.reject(new Unreachable(`${reason}: whether the event was stored is not known`))
  }

  end(error: unknown): void {
    this.#ended = error
    this.broken('the socket ended')
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }

  /** The gateway gives back what it was sent, to the letter. */
  isEcho(text: string): boolean {
    if (this.#echoed || this.#sent?.text !== text) return false
    this.#echoed = true
    return true
  }

  stored(stored: Stored): void {
    this.#settled()?.resolve(stored)
    this.#next()
  }

  refused({ error, detail, retry_after }: ErrorFrame): void {
    const body = { error, ...(detail !== undefined && { detail }) }
    const retryAfterMs = retry_after === undefined ? null : retry_after * 1000
    this.#settled()?.reject(new GatewayProblem({ status: null, correlationId: null, retryAfterMs, body }))
    this.#next()
  }

  #settled(): Waiting | undefined {
    const sent = this.#sent
    this.#sent = undefined
    this.#echoed = false
    return sent
  }

  #next(): void {
    if (this.#sent || !this.#transmit) return
    this.#sent = this.#waiting.shift()
    if (this.#sent) this.#transmit(this.#sent.text)
  }
}
