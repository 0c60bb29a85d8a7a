/** Creates a drizzle handle on a client; drizzle's own `drizzle()` would also load SQLite and a network client. */
import type { Client } from '@libsql/client'
import { LibSQLDatabase } from 'drizzle-orm/libsql/driver-core'
import { LibSQLSession } from 'drizzle-orm/libsql/session'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import type { FileClient } from './client.ts'

export function drizzleOn(client: FileClient): LibSQLDatabase<Record<string, never>> {
  const dialect = new SQLiteAsyncDialect()
  // It only calls `execute` and `batch`.
  const session = new LibSQLSession<Record<string, never>, Record<string, never>>(
    client as Client,
    dialect,
    undefined,
    {},
    undefined,
  )
  return new LibSQLDatabase('async', dialect, session, undefined)
}
