/** Recomputes the ledger's hash chain in bounded ranges and names the first row that does not fit. */
import { sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'
import { chainStart, linkHash, unlinkedHash } from '../../../lib/hash-chain.ts'
import type { Clock } from '../../../ports/index.ts'
import { isPayloadOf, payloadReference } from './rows.ts'

interface LedgerRow {
  id: number
  event: string
  payload: string | null
  hash: string
}

/**
 * `hash_mismatch`: the hash does not follow from the row before; this row was changed, or one before it was changed,
 * removed or inserted. `payload_mismatch`: the payload in `events` is not the one that the row has the digest of.
 * `events_missing_from_ledger`: the ledger ends before `events` does.
 */
export type LedgerFault = 'hash_mismatch' | 'payload_mismatch' | 'events_missing_from_ledger'

export interface LedgerReport {
  /** Ids of the first and the last checked row; null when there was none. */
  first: number | null
  last: number | null
  /** Rows whose hash follows from the row before. */
  linked: number
  /** Rows at the beginning that no chain covers: those of VX11 v7, and one whose predecessor was archived. */
  unlinked: number
  broken: { id: number; fault: LedgerFault } | null
  /** The id to continue from; null at the end of the range and after a broken link. */
  next: number | null
}

export interface LedgerRange {
  from: number
  to: number
  /** The number of rows to check at most. */
  limit: number
}

/** Reading and hashing these takes about 5 ms, during which the event loop is blocked. */
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
    report.broken = (await changedPayload(db, linkedRows(rows, report), clock)) ?? report.broken
    if (report.broken) return report
    if (rows.length < atOnce)
      return to === Number.MAX_SAFE_INTEGER ? { ...report, broken: await missingTail(db) } : report
    before = rows.at(-1)
    await clock.sleep(0)
  }
  return { ...report, next: (report.last ?? from) + 1 }
}

/** Adds rows to the report, up to the first that does not fit. */
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

/** The rows before the broken link. */
const linkedRows = (rows: readonly LedgerRow[], { broken }: LedgerReport) =>
  broken ? rows.filter(({ id }) => id < broken.id) : rows

/** Payloads are read one by one, because they are large. Retention may have deleted the event. */
async function changedPayload(db: Db, rows: readonly LedgerRow[], clock: Pick<Clock, 'sleep'>) {
  for (const { id, payload } of rows) {
    const reference = payloadReference(payload ?? '')
    if (!reference) continue
    const [event] = await db.all<{ payload: string | null }>(
      sql`select payload from events where id = ${reference.eventId}`,
    )
    if (event && !isPayloadOf(reference, event.payload)) return { id, fault: 'payload_mismatch' as const }
    await clock.sleep(0)
  }
  return null
}

function kindOf(row: LedgerRow, previous: LedgerRow | undefined): 'linked' | 'unlinked' | 'broken' {
  if (row.hash === linkHash(previous?.hash ?? chainStart, row.event, row.payload ?? '')) return 'linked'
  const isBeginning = !previous || isUnlinked(previous)
  if (isBeginning && isUnlinked(row)) return 'unlinked'
  // The predecessor of the first row that is left was archived.
  return previous === undefined && row.id > 1 ? 'unlinked' : 'broken'
}

/** Rows of v7. They never follow a chained row. */
const isUnlinked = ({ event, payload, hash }: LedgerRow): boolean => hash === unlinkedHash(event, payload ?? '')

async function rowBefore(db: Db, id: number): Promise<LedgerRow | undefined> {
  const [row] = await db.all<LedgerRow>(
    sql`select id, event, payload, hash from forensic_ledger where id < ${id} order by id desc limit 1`,
  )
  return row
}

/** A chain does not show that its end was cut off, so its last event is compared with the newest of `events`. */
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
