/** Counts the rows of every table bit by bit in the background, since one long count would stop the whole gateway. */
import { sql } from 'drizzle-orm'
import * as v from 'valibot'
import type { Db } from '../../db/database.ts'
import { holdsTurn, parseRecord, readRecords, takeTurn, writeRecords } from '../../db/records.ts'
import { shortCounts } from '../../db/short-counts.ts'
import { rootReason } from '../../lib/root-reason.ts'
import type { Deps } from '../../ports/index.ts'

export type RowCountDeps = Pick<Deps, 'clock' | 'random' | 'database' | 'log'>

const countsKey = 'gateway:row_counts'
const turnKey = 'gateway:row_counts:turn'

export const RowCounts = v.object({
  /** Epoch milliseconds at the end of the count. */
  at: v.number(),
  tables: v.record(v.string(), v.number()),
})
export type RowCounts = v.InferOutput<typeof RowCounts>

/** One step takes about a millisecond on a file; the pause lets requests through. */
export const countRules = { rowsAtOnce: 2000, pauseMs: 5, everyMs: 3_600_000, largeEveryMs: 86_400_000, large: 100_000 }

/** Null before the first count. Rejects with the store's error. */
export const readRowCounts = async (db: Db): Promise<RowCounts | null> =>
  parseRecord(RowCounts, (await readRecords(db, [countsKey])).get(countsKey))

/** Counts when the last count is an hour old, a large database once a day; one instance at a time. Never rejects. */
export function rowCounter(deps: RowCountDeps): () => Promise<void> {
  const { clock, log } = deps
  const holder = deps.random.uuid()
  let counting = false
  return async () => {
    if (counting) return
    counting = true
    try {
      await countWhenDue(deps, holder)
    } catch (error) {
      log.warn('rows_not_counted', { reason: rootReason(error) })
    } finally {
      counting = false
    }
  }

  async function countWhenDue({ database }: RowCountDeps, by: string): Promise<void> {
    const db = database.open()
    const last = await readRowCounts(db)
    if (last && Math.abs(clock.now() - last.at) < intervalOf(last)) return
    // An instance that did not finish within ten minutes has ended; another one counts.
    if (!(await takeTurn(db, turnKey, by, clock.now(), 600_000))) return
    const tables = await countTables(deps, db)
    const counts: RowCounts = { at: clock.now(), tables }
    await writeRecords(db, { [countsKey]: JSON.stringify(counts) }, clock.now(), holdsTurn(turnKey, by))
  }
}

export const totalRows = ({ tables }: RowCounts): number => Object.values(tables).reduce((sum, rows) => sum + rows, 0)

const intervalOf = (counts: RowCounts) =>
  totalRows(counts) > countRules.large ? countRules.largeEveryMs : countRules.everyMs

/** Without those that SQLite, drizzle, D1 and wrangler keep for themselves. */
export async function tableNames(db: Db): Promise<string[]> {
  const rows = await db.all<{ name: string }>(sql`select name from sqlite_schema where type = 'table' order by name`)
  return rows.map(({ name }) => name).filter((name) => !bookkeeping.test(name))
}

const bookkeeping = /^(sqlite_|_cf_|__drizzle_migrations$|d1_migrations$|libsql_)/

async function countTables(deps: RowCountDeps, db: Db): Promise<Record<string, number>> {
  const tables: Record<string, number> = {}
  const names = await tableNames(db)
  for (let i = 0; i < names.length; i += tablesAtOnce) {
    const short = await shortCounts(db, names.slice(i, i + tablesAtOnce), countRules.rowsAtOnce)
    for (const [table, rows] of Object.entries(short)) {
      const all = rows <= countRules.rowsAtOnce ? rows : await walkTable(deps, db, table)
      if (all !== null) tables[table] = all
    }
  }
  return tables
}

/** Most tables are short, and D1 allows few statements to one run of a cron. */
const tablesAtOnce = 10

/** Null for a table that cannot be walked; VX11 has none, but an operator may have added one. */
async function walkTable({ clock }: RowCountDeps, db: Db, table: string): Promise<number | null> {
  const [made] = await db.all<{ sql: string }>(
    sql`select sql from sqlite_schema where type = 'table' and name = ${table}`,
  )
  if (!made || /WITHOUT\s+ROWID|^CREATE\s+VIRTUAL/i.test(made.sql)) return null
  let [rows, after] = [0, -(2 ** 53)]
  for (;;) {
    const [step] = await db.all<{ rows: number; last: number | null }>(sql`
      select count(*) as "rows", max(id) as "last" from
        (select rowid as id from ${sql.identifier(table)} where rowid > ${after} order by rowid limit ${countRules.rowsAtOnce})`)
    rows += step?.rows ?? 0
    if (!step || step.last === null || step.rows < countRules.rowsAtOnce) return rows
    after = step.last
    await clock.sleep(countRules.pauseMs)
  }
}
