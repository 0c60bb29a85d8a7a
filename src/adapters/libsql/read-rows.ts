/** Runs the read-only statements of an adoption plan on a libSQL database, file or server. */
import type { Client } from '@libsql/client'
import type { Read } from '../../db/adoption/read-shape.ts'

/** The statements run in one read transaction. */
export const reader =
  (client: Client): Read =>
  async (statements) => {
    const results = await client.batch(statements, 'read')
    return results.map(({ rows }) => rows.map((row) => ({ ...row })))
  }
