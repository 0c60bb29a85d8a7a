import { env } from 'cloudflare:workers'
import { testDatabase } from '#test-database'
import { describeSchema } from './schema-comparison.ts'
import { describeRefusals } from './store-refusals.ts'

testDatabase()

const query = async (statement: string) => (await env.DB.prepare(statement).all()).results

describeSchema('D1', query)
describeRefusals('D1', query, [
  'PRAGMA integrity_check',
  'PRAGMA page_count',
  'PRAGMA journal_mode',
  'PRAGMA synchronous',
  'PRAGMA busy_timeout',
  'PRAGMA wal_checkpoint',
  'VACUUM',
  'SELECT sqlite_version()',
])
