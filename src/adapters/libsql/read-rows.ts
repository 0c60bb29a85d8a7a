/** Reads from a libSQL database, file or server, as the plan of an adoption asks. */
import type { Client } from '@libsql/client'
import type { Read } from '../../db/adoption/read-shape.ts'

/** The statements see one state of the database, and change nothing. */
export const reader =
  (client: Client): Read =>
  async (statements) => {
    const results = await client.batch(statements, 'read')
    return results.map(({ rows }) => rows.map((row) => ({ ...row })))
  }
