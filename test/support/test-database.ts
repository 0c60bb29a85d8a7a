/** A database with its 88 tables, empty at the start of each test file: a libSQL file here, D1 inside workerd. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { fileDatabase } from '../../src/adapters/libsql/file.ts'
import { migrateDatabase } from '../../src/adapters/libsql/migrate.ts'
import type { Database } from '../../src/db/database.ts'

/** Call it where tests are described; the function that it gives works inside them. */
export function testDatabase(): () => Database {
  let folder: string
  let database: Database
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vx11-test-'))
    const url = `file:${join(folder, 'vx11.db')}`
    await migrateDatabase({ url })
    database = await fileDatabase(url)
  }, 30_000)
  afterAll(async () => {
    await database.close()
    await rm(folder, { recursive: true })
  })
  return () => database
}
