/** Looks for damage in a database before it is changed: what is written into a damaged one can cost what was still whole. */
import type { Client } from '@libsql/client'

/** Pages and trees are structure; the other findings, such as a NULL where none may be, are content and stand in no way. */
const damage = /^\*{3}|\b(tree|page|freelist|cell|malformed|SQLITE_CORRUPT)\b/i

/** Whether a line that SQLite's checks give tells of damage. */
export const tellsDamage = (finding: string): boolean => damage.test(finding)

/** Half a second for 620 MB in memory, else as long as reading them takes. */
export async function assertSound(client: Client): Promise<void> {
  const { rows } = await client.execute('PRAGMA quick_check(100)')
  const found = rows.map((row) => String(row[0])).find(tellsDamage)
  if (found) throw new Error(`SQLITE_CORRUPT: ${found}`)
}
