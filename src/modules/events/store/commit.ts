/**
 * Writes events in one batch that takes effect only while the head is as expected, so that instances that write at the
 * same time keep one chain. The same batch returns the new head to an instance that lost, which then retries.
 */
import { and, eq, notExists, type SQL, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Db } from '../../../db/database.ts'
import { type CellPositions, cells, insertSelect } from '../../../db/insert-select.ts'
import { forensicLedger } from '../../../db/schema/core.ts'
import { operatorEvents } from '../../../db/schema/operator.ts'
import { events } from '../../../db/schema/tentaculo-link.ts'
import type { AppendOnce, StateChange } from '../../../ports/index.ts'
import { changeStatements, isAsRead } from './change.ts'
import { insertKeys, type StoredKey, selectTaken } from './idempotency.ts'
import { type EventRows, eventCells, type Head } from './rows.ts'

/** From now on the answer under this key is `count` events from `first` on. */
export interface KeyResult extends AppendOnce {
  first: number
  count: number
}

export interface CommitRequest {
  expected: Head
  rows: EventRows
  /** The head that the rows make. */
  next: Head
  keys: readonly KeyResult[]
  /** Rows of other tables, stored only together with the events. */
  change?: StateChange | undefined
  at: number
}

export interface CommitResult {
  committed: boolean
  head: Head
  /** Keys of the request that are already used. */
  taken: StoredKey[]
  /** What the change would replace is another now. */
  stale: boolean
}

export async function commitEvents(db: Db, request: CommitRequest): Promise<CommitResult> {
  const { keys, at, next, change } = request
  const selections = [
    selectHead(db),
    ...(keys.length > 0 ? [selectTaken(db, keys, at)] : []),
    ...(change ? [db.select({ asRead: sql<number>`${isAsRead(change)}`.as('as_read') }).from(sql`(select 1)`)] : []),
  ]
  const insertions = insertionsOf(db, request)
  // The statements differ in type, which a tuple type cannot express.
  const results: unknown[] = await db.batch([...insertions, ...selections] as unknown as [BatchItem<'sqlite'>])
  const selected = results.slice(insertions.length)
  const head = (selected[0] as Head[])[0] ?? noHead
  const taken = keys.length > 0 ? (selected[1] as StoredKey[]) : []
  const asRead = change ? (selected.at(-1) as { asRead: number }[])[0]?.asRead === 1 : true
  // The batch is atomic, so the newest hash equals ours exactly when the rows were written.
  const committed = head.hash === next.hash
  return { committed, head, taken: committed ? [] : taken, stale: !committed && !asRead }
}

const noHead: Head = { eventId: 0, ledgerId: 0, hash: '' }

export const readHead = async (db: Db): Promise<Head> => (await selectHead(db))[0] ?? noHead

const newestEventId = sql<number>`(select coalesce(max(id), 0) from events)`
const newestLedgerId = sql<number>`(select coalesce(max(id), 0) from forensic_ledger)`
const newestHash = sql<string>`coalesce((select hash from forensic_ledger order by id desc limit 1), '')`

const selectHead = (db: Db) =>
  db
    .select({
      eventId: newestEventId.as('event_id'),
      ledgerId: newestLedgerId.as('ledger_id'),
      hash: newestHash.as('hash'),
    })
    .from(sql`(select 1)`)

function insertionsOf(db: Db, request: CommitRequest): BatchItem<'sqlite'>[] {
  const { rows, next, keys, at, change } = request
  const written = sql`exists (select 1 from forensic_ledger where id = ${next.ledgerId} and hash = ${next.hash})`
  return [
    // The newest row is written first; its presence is the condition of all the others.
    insertRows(db, forensicLedger, eventCells.ledger, rows.ledger.slice(-1), unchanged(db, request)),
    ...parts(rows.ledger.slice(0, -1)).map((part) => insertRows(db, forensicLedger, eventCells.ledger, part, written)),
    ...parts(rows.events).map((part) => insertRows(db, events, eventCells.events, part, written)),
    ...parts(rows.operator).map((part) => insertRows(db, operatorEvents, eventCells.operator, part, written)),
    ...(keys.length > 0 ? [insertKeys(db, keys, at, written)] : []),
    ...(change ? changeStatements(db, change, at, written) : []),
  ]
}

/** No key of the request is used, and no other instance has written since the head was read. */
const unchanged = (db: Db, { expected, keys, at, change }: CommitRequest): SQL | undefined =>
  and(
    eq(newestEventId, expected.eventId),
    eq(newestLedgerId, expected.ledgerId),
    eq(newestHash, expected.hash),
    keys.length > 0 ? notExists(selectTaken(db, keys, at)) : undefined,
    change && isAsRead(change),
  )

/** All rows in one parameter: D1 allows a hundred, and parsing JSON is faster than binding each value. */
function insertRows<T extends SQLiteTable>(
  db: Db,
  table: T,
  positions: CellPositions<T>,
  rows: readonly (readonly unknown[])[],
  condition: SQL | undefined,
) {
  return insertSelect(db, table, cells(positions), sql`from json_each(${JSON.stringify(rows)}) where ${condition}`)
}

/** D1 allows text of 2 MB, and escaping JSON within JSON can double its length. */
const maxPartLength = 500_000

/** Splits rows so that the text of each part stays within the limit. A single row may exceed it. */
function parts<Row extends readonly unknown[]>(rows: readonly Row[]): Row[][] {
  const made: Row[][] = []
  let length = Number.POSITIVE_INFINITY
  for (const row of rows) {
    const rowLength = row.reduce<number>((sum, cell) => sum + (typeof cell === 'string' ? cell.length : 8), 0)
    if (length + rowLength > maxPartLength) {
      made.push([])
      length = 0
    }
    made.at(-1)?.push(row)
    length += rowLength
  }
  return made
}
