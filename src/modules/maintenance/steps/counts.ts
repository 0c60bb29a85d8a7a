/** Counts the rows of every table, as v7's audit counted them: without the tables that SQLite keeps for itself. */
import { sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'
import { done, type StepContext } from '../outcome.ts'

/** Sorted; without SQLite's own tables and those in which migrations are recorded. */
export async function readTableNames(db: Db): Promise<string[]> {
  const rows = await db.all<{ name: string }>(sql`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
  return rows.map(({ name }) => name).filter((name) => !bookkeeping.test(name))
}

const bookkeeping = /^(sqlite_|_cf_|__drizzle_migrations$|d1_migrations$|libsql_)/

/** In one statement's columns: a hundred is the most that D1 gives back, and fewer mean more round trips. */
const atOnce = 20

export async function countRows({ db, rows }: StepContext) {
  const names = await readTableNames(db)
  const tables: Record<string, number> = Object.create(null)
  for (let from = 0; from < names.length; from += atOnce) {
    const some = names.slice(from, from + atOnce)
    const columns = some.map(
      (name, index) => sql`(SELECT count(*) FROM ${sql.identifier(name)}) AS ${sql.identifier(`n${index}`)}`,
    )
    const [counted] = await db.all<Record<string, number>>(sql`SELECT ${sql.join(columns, sql`, `)}`)
    for (const [index, name] of some.entries()) tables[name] = counted?.[`n${index}`] ?? 0
    await rows(from + some.length, names.length)
  }
  const total = Object.values(tables).reduce((sum, count) => sum + count, 0)
  return done({ total_tables: names.length, total_rows: total, tables: { ...tables } })
}
