/** Recomputes the ledger's chain, a bounded stretch at a time, and names the first row that does not fit. */
import { sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'
import { chainStart, linkHash, unlinkedHash } from '../../../lib/hash-chain.ts'
import type { Clock } from '../../../ports/index.ts'

interface LedgerRow {
  id: number
  event: string
  payload: string | null
  hash: string
}

/**
 * `hash_mismatch`: the row is not what was written behind the one before it; it was changed, or a row before it was
 * changed, taken out or put in. `events_missing_from_ledger`: the ledger ends before the stream of events does.
 */
export type LedgerFault = 'hash_mismatch' | 'events_missing_from_ledger'

export interface LedgerReport {
  /** Ids of the first and the last row that was looked at; null when there was none. */
  first: number | null
  last: number | null
  /** Rows whose hash follows from the row before. */
  linked: number
  /** Rows at the ledger's beginning that nothing vouches for: VX11 v7's own, and one whose predecessor was archived. */
  unlinked: number
  broken: { id: number; fault: LedgerFault } | null
  /** Where to go on; null when this was the end of the range, or a break. */
  next: number | null
}

export interface LedgerRange {
  from: number
  to: number
  /** The most rows to look at. */
  limit: number
}

/** Reading and hashing these takes some 5 ms, in which nobody else gets a turn. */
const rowsAtOnce = 500

export async function checkLedger(db: Db, range: LedgerRange, clock: Pick<Clock, 'sleep'>): Promise<LedgerReport> {
  const { from, to, limit } = range
  const report: LedgerReport = { first: null, last: null, linked: 0, unlinked: 0, broken: null, next: null }
  let before = await rowBefore(db, from)
  for (let left = limit; left > 0; left -= rowsAtOnce) {
    const start = report.last === null ? from : report.last + 1
    const atOnce = Math.min(left, rowsAtOnce)
    const rows = await db.all<LedgerRow>(
      sql`select id, event, payload, hash from forensic_ledger where id >= ${start} and id <= ${to} order by id limit ${atOnce}`,
    )
    followChain(report, rows, before)
    if (report.broken) return report
    if (rows.length < atOnce)
      return to === Number.MAX_SAFE_INTEGER ? { ...report, broken: await missingTail(db) } : report
    before = rows.at(-1)
    await clock.sleep(0)
  }
  return { ...report, next: (report.last ?? from) + 1 }
}

/** Counts the rows into the report, up to the first that does not fit. */
function followChain(report: LedgerReport, rows: readonly LedgerRow[], before: LedgerRow | undefined): void {
  let previous = before
  for (const row of rows) {
    report.first ??= row.id
    report.last = row.id
    const kind = kindOf(row, previous)
    if (kind === 'broken') {
      report.broken = { id: row.id, fault: 'hash_mismatch' }
      return
    }
    report[kind]++
    previous = row
  }
}

function kindOf(row: LedgerRow, previous: LedgerRow | undefined): 'linked' | 'unlinked' | 'broken' {
  if (row.hash === linkHash(previous?.hash ?? chainStart, row.event, row.payload ?? '')) return 'linked'
  const isBeginning = !previous || isUnlinked(previous)
  if (isBeginning && isUnlinked(row)) return 'unlinked'
  // What the first row that is left stood on was archived with the rows before it.
  return previous === undefined && row.id > 1 ? 'unlinked' : 'broken'
}

/** A chain's row cannot have such a hash, and behind one there is none of these. */
const isUnlinked = ({ event, payload, hash }: LedgerRow): boolean => hash === unlinkedHash(event, payload ?? '')

async function rowBefore(db: Db, id: number): Promise<LedgerRow | undefined> {
  const [row] = await db.all<LedgerRow>(
    sql`select id, event, payload, hash from forensic_ledger where id < ${id} order by id desc limit 1`,
  )
  return row
}

/** The chain cannot tell that its own end was cut off, but the stream of events goes as far as the ledger did. */
async function missingTail(db: Db): Promise<LedgerReport['broken']> {
  const [row] = await db.all<{ newest: number; known: number }>(
    sql`select coalesce(max(id), 0) as newest, coalesce((
        select case when json_valid(payload) then coalesce(payload->>'id', 0) else 0 end
        from forensic_ledger order by id desc limit 1
      ), 0) as known from events`,
  )
  if (!row || row.known >= row.newest) return null
  return { id: row.known + 1, fault: 'events_missing_from_ledger' }
}
