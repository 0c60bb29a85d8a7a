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
    await emptied()
    await applyD1Migrations(env.DB, inject('d1Migrations'))
  })
  return () => d1Database(env.DB)
}

/** A reset is lost on a database that has just been busy with its file: so it is repeated until no table is left. */
async function emptied(): Promise<void> {
  do await reset()
  while (await env.DB.prepare("SELECT name FROM sqlite_schema WHERE name = 'd1_migrations'").first())
}
