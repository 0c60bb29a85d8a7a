/**
 * A libSQL file on the thread of the test: each statement is done before the next turn. Under a clock that only a test
 * moves, the threads of the real one would answer at moments of their own; they have tests of their own.
 */
import { drizzle } from 'drizzle-orm/libsql/sqlite3'
import { openFileClient } from '../../src/adapters/libsql/file-client.ts'
import type { Database } from '../../src/db/database.ts'
import { probeStore } from '../../src/db/probe.ts'

export async function directDatabase(url: string): Promise<Database> {
  const client = await openFileClient(url)
  const db = drizzle({ client })
  return {
    open: () => db,
    ping: () => probeStore(db),
    async close() {
      client.close()
    },
  }
}
