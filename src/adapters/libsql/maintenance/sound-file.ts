/** Runs SQLite's integrity check on an unused database file. */
import { createClient } from '@libsql/client/sqlite3'
import { fileUrl } from './file-lock.ts'

/** Null if it is intact, else the problem. Does not change the file. */
export async function faultOf(path: string): Promise<string | null> {
  const client = createClient({ url: fileUrl(path) })
  try {
    const { rows } = await client.execute('PRAGMA quick_check')
    const verdict = String(rows[0]?.[0] ?? 'no answer')
    return verdict === 'ok' ? null : verdict
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be opened'
  } finally {
    client.close()
  }
}
