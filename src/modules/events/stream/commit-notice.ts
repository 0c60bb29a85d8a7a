/** Encodes commit notices between instances: as JSON, without the events when those are large. */
import { parseJson } from '../../../lib/json-text.ts'
import type { CommitNotice } from '../../../ports/index.ts'

/** In characters. Events that are left out are read from the database. */
const maxNoticeLength = 262_144

export function writeCommitNotice({ newest, events, ledger }: CommitNotice): string {
  const text = JSON.stringify({ newest, events, ledger })
  return text.length <= maxNoticeLength ? text : JSON.stringify({ newest, events: [], ledger })
}

/** Undefined for text that is not a notice of this version. */
export function readCommitNotice(text: string): CommitNotice | undefined {
  const notice = parseJson(text, 'digits') as CommitNotice | null | undefined
  if (!notice) return undefined
  const { newest, events, ledger } = notice
  return Number.isSafeInteger(newest) && Array.isArray(events) && isLedgerEnd(ledger) ? notice : undefined
}

const isLedgerEnd = (ledger: CommitNotice['ledger']) =>
  ledger === undefined || (Number.isSafeInteger(ledger.id) && typeof ledger.hash === 'string')
