import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Client } from '@libsql/client'
import { afterAll, beforeAll, describe } from 'vitest'
import { openFileClient } from '../../src/adapters/libsql/file-client.ts'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { remoteClient } from '../../src/adapters/libsql/remote.ts'
import { startSqld } from '../support/sqld.ts'
import type { Query } from './actual-schema.ts'
import { describeSchema } from './schema-comparison.ts'
import { describeRefusals } from './store-refusals.ts'

const queryWith =
  (client: () => Client): Query =>
  async (statement) =>
    (await client().execute(statement)).rows.map((row) => ({ ...row }))

describe('in a libSQL file', () => {
  let folder: string
  let client: Client
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vx11-'))
    const url = `file:${join(folder, 'schema.db')}`
    await migrateDatabase({ url })
    client = await openFileClient(url)
  })
  afterAll(async () => {
    client.close()
    await rm(folder, { recursive: true })
  })
  const query = queryWith(() => client)
  describeSchema('a libSQL file', query)
  describeRefusals('a libSQL file', query, [])
})

const sqld = await startSqld()
describe.skipIf(!sqld)('on a libSQL server', () => {
  const client = remoteClient({ url: sqld?.url ?? 'http://127.0.0.1' })
  beforeAll(() => migrateDatabase({ url: sqld?.url ?? '' }))
  afterAll(() => sqld?.stop())
  const query = queryWith(() => client)
  describeSchema('a libSQL server', query)
  describeRefusals('a libSQL server', query, ['PRAGMA wal_checkpoint', 'PRAGMA optimize', 'ANALYZE', 'VACUUM'])
})
