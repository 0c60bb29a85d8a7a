/** One hash over every row of every table, value by value with its type: two databases that give the same hold the same rows. */
import { createHash } from 'node:crypto'
import type { Client } from '@libsql/client'

/** Columns by table, in their order. */
export type Columns = Record<string, string[]>

const pageRows = 20_000

/** Every column that the database has now; later ones are no part of a comparison with it. */
export async function readColumns(client: Client): Promise<Columns> {
  const { rows } = await client.execute(`SELECT t.name AS tbl, c.name FROM sqlite_schema t, pragma_table_info(t.name) c
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '!_!_%' ESCAPE '!' ORDER BY t.name, c.cid`)
  const columns: Columns = {}
  for (const { tbl, name } of rows) {
    columns[String(tbl)] ??= []
    columns[String(tbl)]?.push(String(name))
  }
  return columns
}

export async function hashRows(client: Client, columns: Columns): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {}
  for (const [table, names] of Object.entries(columns)) hashes[table] = await hashTable(client, table, names)
  return hashes
}

async function hashTable(client: Client, table: string, names: string[]): Promise<string> {
  const hash = createHash('sha256')
  const values = names.map((name) => `quote("${name}")`).join(" || ',' || ")
  let rows = 0
  for (let last = -1; ; ) {
    const page = await client.execute({
      sql: `SELECT rowid AS place, ${values} AS content FROM "${table}" WHERE rowid > ? ORDER BY rowid LIMIT ${pageRows}`,
      args: [last],
    })
    for (const { place, content } of page.rows) hash.update(`${place}:${content}\n`)
    rows += page.rows.length
    if (page.rows.length < pageRows) return `${rows} rows ${hash.digest('hex')}`
    last = Number(page.rows.at(-1)?.place)
  }
}
