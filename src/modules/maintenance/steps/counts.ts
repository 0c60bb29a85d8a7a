/** Counts the rows and bytes of every table, as v7's audit counted them: without the tables that SQLite keeps for itself. */
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
  const bytes = await tableBytes(db)
  return done({ total_tables: names.length, total_rows: total, tables: { ...tables }, bytes })
}

/** Reads every page, so it belongs to maintenance. Servers and D1 lack `dbstat`. */
async function tableBytes(db: Db): Promise<Record<string, number> | null> {
  try {
    const rows = await db.all<{ name: string; bytes: number }>(sql`
      SELECT s.tbl_name AS name, sum(d.pgsize) AS bytes FROM dbstat AS d JOIN sqlite_schema AS s ON s.name = d.name
      WHERE d.aggregate = TRUE GROUP BY s.tbl_name`)
    return Object.fromEntries(
      rows.filter(({ name }) => !bookkeeping.test(name)).map(({ name, bytes }) => [name, bytes]),
    )
  } catch {
    return null
  }
}
