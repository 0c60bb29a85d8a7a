/** How instances notify each other of commits. */
import type { StoredEvent } from './events.ts'

/** A commit, as instances announce it to each other. */
export interface CommitNotice {
  /** The newest id of the stream. */
  newest: number
  /** The committed events; empty when they are too large to be sent. */
  events: readonly StoredEvent[]
  /** The ledger's newest row after the commit. */
  ledger?: { id: number; hash: string }
}

/** Delivers notices to every instance: at least once normally, not at all while its store is down. */
export interface EventHub {
  /** Never rejects, nor throws. */
  publish(notice: CommitNotice): void
  subscribe(listener: (notice: CommitNotice) => void): Promise<() => void>
}
