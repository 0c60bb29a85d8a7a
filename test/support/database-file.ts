/** A libSQL file with its 88 tables, in a folder of its own: there while the tests of one `describe` or file run. */
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { fileDatabase } from '../../src/adapters/libsql/file.ts'
import type { Database } from '../../src/db/database.ts'
import { migratedFile } from './migrated-file.ts'

export interface DatabaseFile {
  folder: string
  path: string
  url: string
  database: Database
}

/** Once for the test files of one worker, which copy it: their tests are of what comes after. */
let migrated: Promise<string> | undefined

/** A busy machine must not be a failure of the store. */
const openWithLongTimeout = (url: string) => fileDatabase(url, { timeoutMs: 120_000 })

/** Call it where tests are described; the function that it gives works inside them, and in later hooks. */
export function databaseFile(open: (url: string) => Promise<Database> = openWithLongTimeout): () => DatabaseFile {
  let file: DatabaseFile
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'vx11-test-'))
    const path = join(folder, 'vx11.db')
    const url = `file:${path}`
    migrated ??= migratedFile()
    await copyFile(await migrated, path)
    file = { folder, path, url, database: await open(url) }
  })
  afterAll(async () => {
    await file.database.close()
    await rm(file.folder, { recursive: true })
  })
  return () => file
}
