/** Counts the rows of several tables in one statement, each up to a limit. */
import { sql } from 'drizzle-orm'
import type { Db } from './database.ts'

/** By table: the number of rows, or `max + 1` for more. Rejects with the store's error. */
export async function shortCounts<Table extends string>(
  db: Db,
  tables: readonly Table[],
  max: number,
): Promise<Record<Table, number>> {
  const counts = tables.map((table) => {
    const name = sql.identifier(table)
    return sql`(select count(*) from (select 1 from ${name} limit ${max + 1})) as ${name}`
  })
  const [row] = await db.all<Record<Table, number>>(sql`select ${sql.join(counts, sql`, `)}`)
  if (!row) throw new Error('a selection of counts gave no row')
  return row
}
