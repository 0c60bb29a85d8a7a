/** A database with its 88 tables, empty at the start of each test file: a libSQL file here, D1 inside workerd. */
import type { Database } from '../../src/db/database.ts'
import { databaseFile } from './database-file.ts'
import { directDatabase } from './direct-database.ts'

/** Call it where tests are described; the function that it gives works inside them. */
export function testDatabase(): () => Database {
  const file = databaseFile(directDatabase)
  return () => file().database
}
