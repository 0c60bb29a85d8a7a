/** Creates a legacy VX11 database: its tables, rows in its proportions, free pages, and no migration records. */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Client } from '@libsql/client'
import { createClient } from '@libsql/client/sqlite3'
import { legacyDdl } from '../../db/legacy/ddl.ts'
import { type LegacyForm, legacyShape } from '../../db/legacy/history.ts'
import { fillTable, shareRows, snapshotBytesPerRow } from '../../db/legacy/rows.ts'
import { readMigrations, shapeAfter } from './migration/migrations.ts'

export interface LegacySeed extends LegacyForm {
  /** Total over all tables. */
  rows: number
}

export interface SeedOptions {
  /** Includes the free pages left by VX11's retention, half of its file. */
  freePages?: boolean
  /** Called after each table. */
  onTableFilled?: (table: string, rows: number) => void
}

const fillerBytes = 1_000_000

/** The same seed gives the same content. Refuses an existing path. */
export async function seedLegacyFile(path: string, seed: LegacySeed, options: SeedOptions = {}): Promise<void> {
  if (existsSync(path)) throw new Error(`${path} is there already. Name another file.`)
  const client = createClient({ url: `file:${encodeURI(path)}` })
  try {
    // Durability is not needed: a partial file is useless anyway.
    for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -65536'])
      await client.execute(`PRAGMA ${pragma}`)
    await seedLegacy(client, seed, options)
    if (options.freePages) await freePages(client, seed.rows * snapshotBytesPerRow)
    await client.execute('PRAGMA journal_mode = WAL')
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    client.close()
  }
}

/** Fills an empty database, file or server. */
export async function seedLegacy(client: Client, seed: LegacySeed, { onTableFilled }: SeedOptions = {}): Promise<void> {
  const { tables } = await shapeAfter(readMigrations().slice(0, 1))
  const shapes = legacyShape(tables.values(), seed)
  const shares = shareRows(shapes, seed.rows)
  // `migrate` is a batch without foreign key checks, so the order of the tables does not matter.
  await client.migrate(shapes.flatMap(legacyDdl))
  for (const shape of shapes) {
    const rows = shares.get(shape.name) ?? 0
    if (rows > 0) await client.migrate([fillTable(shape, rows, shares)])
    onTableFilled?.(shape.name, rows)
  }
}

/** Grows the file to a size, then frees the pages, as deleting rows does. */
async function freePages(client: Client, bytes: number): Promise<void> {
  const read = async (pragma: string) => Number((await client.execute(`PRAGMA ${pragma}`)).rows[0]?.[0])
  const missing = bytes - (await read('page_count')) * (await read('page_size'))
  const fillers = Math.floor(missing / fillerBytes)
  if (fillers < 1) return
  await client.execute('CREATE TABLE filler (content BLOB)')
  await client.execute(`WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${fillers})
    INSERT INTO filler SELECT zeroblob(${fillerBytes}) FROM numbers`)
  await client.execute('DROP TABLE filler')
}
