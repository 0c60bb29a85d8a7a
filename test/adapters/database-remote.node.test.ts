import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateDatabase } from '../../src/adapters/libsql/migrate.ts'
import { remoteDatabase, sharedRemoteDatabase } from '../../src/adapters/libsql/remote.ts'
import { describeDatabase } from '../support/contracts/database.ts'
import { startSqld } from '../support/sqld.ts'

const sqld = await startSqld()
afterAll(() => sqld?.stop())

describe.skipIf(!sqld)('with a libSQL server', () => {
  describeDatabase('a libSQL server, from Node', async () => {
    const address = { url: sqld?.url ?? '' }
    await migrateDatabase(address)
    return sharedRemoteDatabase(address)
  })

  it.each([
    ['a client for each', remoteDatabase],
    ['one client', sharedRemoteDatabase],
  ])('answers more queries at once than the server takes, with %s', { timeout: 20_000 }, async (_clients, connect) => {
    const database = connect({ url: sqld?.url ?? '' })
    await expect(Promise.all(Array.from({ length: 300 }, () => database.ping()))).resolves.toHaveLength(300)
  })
})

describe('a libSQL server that fails', () => {
  const silent = createServer()
  beforeAll(() => new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve)))
  afterAll(() => silent.close())

  it('fails a ping when nothing listens', async () => {
    await expect(remoteDatabase({ url: 'http://127.0.0.1:1' }).ping()).rejects.toThrow()
  })

  it('gives up on a server that stays silent', async () => {
    const { port } = silent.address() as { port: number }
    const database = remoteDatabase({ url: `http://127.0.0.1:${port}`, timeoutMs: 50 })
    await expect(database.ping()).rejects.toThrow()
  })
})
