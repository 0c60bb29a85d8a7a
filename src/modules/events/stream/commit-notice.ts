/** Encodes commit notices between instances: as JSON, without the events when those are large. */
import * as v from 'valibot'
import { parseJson } from '../../../lib/json-text.ts'
import type { CommitNotice } from '../../../ports/index.ts'
import { KeyNoticeText } from '../../keys/notice.ts'

/** In characters. Events that are left out are read from the database. */
const maxNoticeLength = 262_144

export function writeCommitNotice({ newest, events, ledger, keys }: CommitNotice): string {
  const text = JSON.stringify({ newest, events, ledger, keys })
  return text.length <= maxNoticeLength ? text : JSON.stringify({ newest, events: [], ledger, keys })
}

/** Undefined for text that is not a notice of this version. */
export function readCommitNotice(text: string): CommitNotice | undefined {
  const notice = parseJson(text, 'digits') as CommitNotice | null | undefined
  if (!notice) return undefined
  const { newest, events, ledger, keys } = notice
  const isNotice =
    Number.isSafeInteger(newest) && Array.isArray(events) && isLedgerEnd(ledger) && v.is(ChangedKeys, keys)
  return isNotice ? notice : undefined
}

const ChangedKeys = v.optional(v.array(KeyNoticeText))

const isLedgerEnd = (ledger: CommitNotice['ledger']) =>
  ledger === undefined || (Number.isSafeInteger(ledger.id) && typeof ledger.hash === 'string')
