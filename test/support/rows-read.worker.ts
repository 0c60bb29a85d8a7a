/** Counts the rows that D1 reads for statements: what a query costs, by SQLite's own count, on any machine alike. */
import { d1Database } from '../../src/adapters/d1/d1.ts'
import type { Database } from '../../src/db/database.ts'

export function countingDatabase(d1: D1Database): { database: Database; rowsRead(): number } {
  let rows = 0
  const all = async (statement: D1PreparedStatement) => {
    const result = await statement.all()
    rows += result.meta.rows_read
    return result
  }
  const prepare = (query: string) => ({
    bind: (...values: unknown[]) => {
      const statement = d1.prepare(query).bind(...values)
      return {
        all: () => all(statement),
        // `raw` tells no count; the columns have names of their own.
        raw: async () => (await all(statement)).results.map((row) => Object.values(row)),
      }
    },
  })
  return { database: d1Database({ prepare } as unknown as D1Database), rowsRead: () => rows }
}
