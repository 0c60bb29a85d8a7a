import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, inject } from 'vitest'
import { d1Database } from '../../src/adapters/d1/d1.ts'
import { remoteDatabase } from '../../src/adapters/libsql/remote.ts'
import type {} from '../db/provided.ts'
import { describeDatabase } from '../support/contracts/database.ts'

declare global {
  namespace Cloudflare {
    interface Env {
      DB: D1Database
    }
  }
}

describeDatabase('D1', async () => {
  await applyD1Migrations(env.DB, inject('d1Migrations'))
  return d1Database(env.DB)
})

const sqldUrl = inject('sqldUrl')
describe.skipIf(sqldUrl === null)('with a libSQL server', () => {
  describeDatabase('a libSQL server, from workerd', async () => remoteDatabase({ url: sqldUrl ?? '' }))
})
