/** Encodes commit notices between instances: as JSON, without the events when those are large. */
import type { CommitNotice } from '../../../ports/index.ts'

/** In characters. Events that are left out are read from the database. */
const maxNoticeLength = 262_144

export function writeCommitNotice({ newest, events, ledger }: CommitNotice): string {
  const text = JSON.stringify({ newest, events, ledger })
  return text.length <= maxNoticeLength ? text : JSON.stringify({ newest, events: [], ledger })
}

/** Undefined for text that is not a notice of this version. */
export function readCommitNotice(text: string): CommitNotice | undefined {
  try {
    const notice = JSON.parse(text) as CommitNotice
    const { newest, events, ledger } = notice
    return Number.isSafeInteger(newest) && Array.isArray(events) && isLedgerEnd(ledger) ? notice : undefined
  } catch {
    return undefined
  }
}

const isLedgerEnd = (ledger: CommitNotice['ledger']) =>
  ledger === undefined || (Number.isSafeInteger(ledger.id) && typeof ledger.hash === 'string')
