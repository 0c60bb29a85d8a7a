/** Listens to the stream while somebody is there to be told, and knows where it ends. */
import { GatewayError } from '../../errors/gateway-error.ts'
import type { CommitNotice, EventLog, EventSubscription } from '../../ports/index.ts'

export class StreamEnd {
  /** The id of the newest event that was heard of. */
  newest = 0
  readonly #events: Pick<EventLog, 'subscribe'>
  readonly #notify: (notice: CommitNotice) => void
  #subscription: Promise<EventSubscription> | undefined

  constructor(events: Pick<EventLog, 'subscribe'>, notify: (notice: CommitNotice) => void) {
    this.#events = events
    this.#notify = notify
  }

  /** Resolves when every event behind `newest` is told. */
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
