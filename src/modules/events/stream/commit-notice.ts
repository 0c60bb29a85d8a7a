/** How news of the stream travels between instances: as JSON, without the events when those are large. */
import type { CommitNotice, StoredEvent } from '../../../ports/index.ts'

/** In characters; the database has what is left out. */
const maxNewsLength = 262_144

export function writeCommitNotice({ newest, events, ledger }: CommitNotice): string {
  const text = JSON.stringify({ newest, events, ledger })
  return text.length <= maxNewsLength ? text : JSON.stringify({ newest, events: [], ledger })
}

/** What instances of one version wrote; undefined for anything else. */
export function readCommitNotice(text: string): CommitNotice | undefined {
  try {
    const news = JSON.parse(text) as CommitNotice
    const { newest, events, ledger } = news
    return Number.isSafeInteger(newest) && Array.isArray(events) && isLedgerEnd(ledger) ? news : undefined
  } catch {
    return undefined
  }
}

const isLedgerEnd = (ledger: CommitNotice['ledger']) =>
  ledger === undefined || (Number.isSafeInteger(ledger.id) && typeof ledger.hash === 'string')

/** The events follow the position without a gap, up to the newest. */
export const continues = (position: number, events: readonly StoredEvent[], newest: number): boolean =>
  newest === position + events.length && events.every(({ id }, index) => id === position + 1 + index)
