/** Counts the rows of several tables with one statement, none of them further than it says. */
import { sql } from 'drizzle-orm'
import type { Db } from './database.ts'

/** By table: the number of rows, or `most + 1` where there are more. Rejects with the store's error. */
export async function shortCounts<Table extends string>(
  db: Db,
  tables: readonly Table[],
  most: number,
): Promise<Record<Table, number>> {
  const counts = tables.map((table) => {
    const name = sql.identifier(table)
    return sql`(select count(*) from (select 1 from ${name} limit ${most + 1})) as ${name}`
  })
  const [row] = await db.all<Record<Table, number>>(sql`select ${sql.join(counts, sql`, `)}`)
  if (!row) throw new Error('a selection of counts gave no row')
  return row
}
