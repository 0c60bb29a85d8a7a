/** How instances notify each other of commits. */
import type { StoredEvent } from './events.ts'
import type { KeyNotice } from './key-notices.ts'

/** Notifies other instances of a commit. */
export interface CommitNotice {
  /** The newest stream id. */
  newest: number
  /** The committed events; empty if they are too large to send. */
  events: readonly StoredEvent[]
  /** The ledger's newest row after the commit. */
  ledger?: { id: number; hash: string }
  /** The keys that the commit changed. */
  keys?: readonly KeyNotice[] | undefined
}

/** Delivers notices to every instance: at least once normally, never while its store is down. */
export interface EventHub {
  /** Never throws. */
  publish(notice: CommitNotice): void
  subscribe(listener: (notice: CommitNotice) => void): Promise<() => void>
}
