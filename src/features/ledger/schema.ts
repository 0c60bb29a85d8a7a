/** Query and answer of the ledger's verification. */
import * as v from 'valibot'
import { IdCursor, Next } from '../../lib/list-cursor.ts'
import { QueryInteger } from '../../lib/query-integer.ts'

const Id = QueryInteger(0, Number.MAX_SAFE_INTEGER)

export const VerifyQuery = v.object({
  from: v.optional(Id, '1'),
  to: v.optional(Id),
  limit: v.optional(QueryInteger(1, 5000), '2000'),
  /** Instead of `from`. */
  cursor: v.optional(IdCursor),
})

export const LedgerVerdict = v.object({
  /** `intact` covers the rows from `first` to `last`; `more` means: continue from `next`. */
  status: v.picklist(['intact', 'broken', 'more']),
  first: v.nullable(v.number()),
  last: v.nullable(v.number()),
  linked: v.number(),
  /** Rows at the beginning that no chain covers. */
  unlinked: v.number(),
  broken: v.nullable(
    v.object({
      id: v.number(),
      fault: v.picklist(['hash_mismatch', 'payload_mismatch', 'events_missing_from_ledger']),
    }),
  ),
  next: Next,
})
