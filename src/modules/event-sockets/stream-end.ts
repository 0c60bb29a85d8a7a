/** Subscribes to the stream while sockets are open, and knows its newest id. */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { CommitNotice, EventLog, EventSubscription } from '../../ports/index.ts'

export class StreamEnd {
  /** The newest id in any notice. */
  newest = 0
  readonly #events: Pick<EventLog, 'subscribe'>
  readonly #notify: (notice: CommitNotice) => void
  #subscription: Promise<EventSubscription> | undefined

  constructor(events: Pick<EventLog, 'subscribe'>, notify: (notice: CommitNotice) => void) {
    this.#events = events
    this.#notify = notify
  }

  /** Resolves when every event after `newest` will be notified. */
  async listen(): Promise<void> {
    this.#subscription ??= this.#events.subscribe((events) => {
      this.newest = Math.max(this.newest, events.at(-1)?.id ?? 0)
      this.#notify({ newest: this.newest, events })
    })
    const mine = this.#subscription
    const { after } = await mine.catch((cause: unknown) => {
      if (this.#subscription === mine) this.#subscription = undefined
      throw new GatewayError('events_unavailable', { retryAfterMs: 1000 }, { cause })
    })
    this.newest = Math.max(this.newest, after)
  }

  leave(): void {
    this.#subscription?.then(
      (subscription) => subscription.close(),
      () => {},
    )
    this.#subscription = undefined
  }
}
