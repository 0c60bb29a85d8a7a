/** Checks a database for damage before changing it, because writes to a damaged one can destroy intact data. */
import type { Client } from '@libsql/client'

/** Matches structural damage; findings about content, such as an invalid NULL, do not prevent changes. */
const damage = /^\*{3}|\b(tree|page|freelist|cell|malformed|SQLITE_CORRUPT)\b/i

/** True if a line of SQLite's checks reports structural damage. */
export const isDamageMessage = (finding: string): boolean => damage.test(finding)

/** Takes half a second for 620 MB from memory, longer from disk. */
export async function assertSound(client: Client): Promise<void> {
  const { rows } = await client.execute('PRAGMA quick_check(100)')
  const found = rows.map((row) => String(row[0])).find(isDamageMessage)
  if (found) throw new Error(`SQLITE_CORRUPT: ${found}`)
}
