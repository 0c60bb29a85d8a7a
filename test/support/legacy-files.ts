/** Files as VX11 left them, and what can be said of a database without looking at order or names. */
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@libsql/client'
import { createClient } from '@libsql/client/sqlite3'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type LegacySeed, seedLegacyFile } from '../../src/adapters/libsql/seed.ts'
import { readSchema } from '../db/actual-schema.ts'

/** In one folder for the tests of a file; call it where they are described. */
export function legacyFiles() {
  let folder: string
  let made = 0
  const open = new Set<Client>()
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vx11-adopt-'))
  })
  afterEach(() => {
    for (const client of open) client.close()
    open.clear()
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function legacyFile(seed: Partial<LegacySeed> = {}): Promise<string> {
    const path = join(folder, `legacy-${++made}.db`)
    await seedLegacyFile(path, { rows: 800, tables: 86, ...seed })
    return path
  }

  function clientOf(path: string): Client {
    const client = createClient({ url: `file:${path}` })
    open.add(client)
    return client
  }

  return { folder: () => folder, legacyFile, clientOf }
}

export const rowsOf = async (client: Client, sql: string) => (await client.execute(sql)).rows.map((row) => ({ ...row }))

export async function fileHash(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

/** Tables and columns by name, indexes by what they do: neither order nor name means anything to a reader. */
export async function shape(client: Client) {
  const tables = await readSchema((sql) => rowsOf(client, sql))
  return withoutOrder(tables)
}
export function withoutOrder(tables: Awaited<ReturnType<typeof readSchema>>) {
  return Object.fromEntries(
    Object.entries(tables)
      .sort()
      .map(([name, { columns, indexes }]) => [
        name,
        {
          columns: columns.map((column) => column.toUpperCase()).sort(),
          indexes: indexes.map((each) => each.replace(/^(UNIQUE )?\S+ /, '$1')).sort(),
        },
      ]),
  )
}
