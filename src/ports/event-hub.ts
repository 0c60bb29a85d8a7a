/** How instances tell each other of the stream. */
import type { StoredEvent } from './events.ts'

/** What instances tell each other of the stream. */
export interface CommitNotice {
  /** The id up to which the stream goes now. */
  newest: number
  /** The events that made it so; empty when they are too large to be carried along. */
  events: readonly StoredEvent[]
  /** The ledger's newest row then: who writes next stands on it. */
  ledger?: { id: number; hash: string }
}

/** Carries news to every instance: at least once when all is well, and not at all when its store is down. */
export interface EventHub {
  /** Never rejects, nor throws. */
  publish(news: CommitNotice): void
  subscribe(listener: (news: CommitNotice) => void): Promise<() => void>
}
