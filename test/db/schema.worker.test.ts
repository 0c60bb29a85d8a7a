import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, inject } from 'vitest'
import type {} from './provided.ts'
import { describeSchema } from './schema-comparison.ts'
import { describeRefusals } from './store-refusals.ts'

declare global {
  namespace Cloudflare {
    interface Env {
      DB: D1Database
    }
  }
}

beforeAll(() => applyD1Migrations(env.DB, inject('d1Migrations')))

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
