/** Which maintenance statements a store refuses: the table at the end of docs/storage.md, held against the store. */
import { describe, expect, it } from 'vitest'
import type { Query } from './actual-schema.ts'

const statements = [
  'PRAGMA quick_check',
  'PRAGMA foreign_key_check',
  'PRAGMA page_size',
  'PRAGMA table_list',
  'PRAGMA integrity_check',
  'PRAGMA page_count',
  'PRAGMA journal_mode',
  'PRAGMA synchronous',
  'PRAGMA busy_timeout',
  'PRAGMA wal_checkpoint',
  'PRAGMA optimize',
  'ANALYZE',
  'VACUUM',
  'SELECT sqlite_version()',
]

export function describeRefusals(store: string, query: Query, expected: readonly string[]): void {
  describe(`maintenance on ${store}`, () => {
    it('is refused what docs/storage.md says, and nothing else', async () => {
      const refused: string[] = []
      for (const statement of statements) await query(statement).catch(() => refused.push(statement))
      expect(refused).toEqual(expected)
    })
  })
}
