/** What test/support/test-database.ts is on Node: the D1 database of the test file. */
import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, inject } from 'vitest'
import { d1Database } from '../../src/adapters/d1/d1.ts'
import type { Database } from '../../src/db/database.ts'
import type {} from '../db/provided.ts'

declare global {
  namespace Cloudflare {
    interface Env {
      DB: D1Database
    }
  }
}

export function testDatabase(): () => Database {
  beforeAll(async () => {
    await reset()
    await applyD1Migrations(env.DB, inject('d1Migrations'))
  })
  return () => d1Database(env.DB)
}
