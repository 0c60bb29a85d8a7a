/** A drizzle handle on a client: what drizzle's own `drizzle()` makes, which would load SQLite or a network client as well. */
import type { Client } from '@libsql/client'
import { LibSQLDatabase } from 'drizzle-orm/libsql/driver-core'
import { LibSQLSession } from 'drizzle-orm/libsql/session'
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core'
import type { FileClient } from './client.ts'

export function drizzleOn(client: FileClient): LibSQLDatabase<Record<string, never>> {
  const dialect = new SQLiteAsyncDialect()
  // It asks a client to execute and to batch, and nothing else.
  const session = new LibSQLSession<Record<string, never>, Record<string, never>>(
    client as Client,
    dialect,
    undefined,
    {},
    undefined,
  )
  return new LibSQLDatabase('async', dialect, session, undefined)
}
