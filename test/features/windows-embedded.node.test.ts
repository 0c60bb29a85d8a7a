import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { fileDatabase } from '../../src/adapters/libsql/file.ts'
import { migrateDatabase } from '../../src/adapters/libsql/migrate.ts'
import type { Database } from '../../src/db/database.ts'
import { describeEmbeddedWindows } from './windows-embedded.ts'

let folder: string
let database: Database
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vx11-windows-'))
  const url = `file:${join(folder, 'vx11.db')}`
  await migrateDatabase({ url })
  database = await fileDatabase(url)
}, 30_000)
afterAll(async () => {
  await database.close()
  await rm(folder, { recursive: true })
})

describeEmbeddedWindows('a libSQL file', () => database)
