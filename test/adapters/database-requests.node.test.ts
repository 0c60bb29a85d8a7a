import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHarness } from 'wrangler'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
import { startSqld } from '../support/sqld.ts'

const sqld = await startSqld()
afterAll(() => sqld?.stop())

describe.skipIf(!sqld)('a Worker in front of a libSQL server', () => {
  const url = sqld?.url ?? ''
  const main = fileURLToPath(new URL('./database-requests.worker.ts', import.meta.url))
  const config = { name: 'requests', main, compatibility_date: '2026-10-01', vars: { SQLD_URL: url } }
  const harness = createTestHarness({ workers: [{ config }] })
  beforeAll(async () => {
    await migrateDatabase({ url })
    await harness.listen()
  })
  afterAll(() => harness.close())

  it('answers 200 requests at once, since each opens a client of its own', async () => {
    const ask = async () => (await harness.fetch('/')).status
    const statuses = await Promise.all(Array.from({ length: 200 }, ask))
    expect(statuses.filter((status) => status !== 200)).toEqual([])
  })
})
