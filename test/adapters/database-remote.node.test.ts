import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { migrateDatabase } from '../../src/adapters/libsql/migration/migrate.ts'
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
  ])('answers more queries at once than the server takes, with %s', async (_clients, connect) => {
    const database = connect({ url: sqld?.url ?? '' })
    const asked = Array.from({ length: 300 }, () => database.open().run(sql`select 1`))
    await expect(Promise.all(asked)).resolves.toHaveLength(300)
  })

  it('that came back empty is not ready until it has its tables', async () => {
    const empty = await startSqld()
    const address = { url: empty?.url ?? '' }
    const database = remoteDatabase(address)
    await expect(database.ping()).rejects.toMatchObject({ fault: 'empty' })
    await migrateDatabase(address)
    await expect(database.ping()).resolves.toBeUndefined()
    await empty?.stop()
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

describe('the answers of a libSQL server', () => {
  it('come as they are from one that is near', async () => {
    const asked: (string | string[] | undefined)[] = []
    const server = createHttpServer(({ headers }, response) => {
      asked.push(headers['accept-encoding'])
      response.writeHead(500).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await expect(remoteDatabase({ url: `http://127.0.0.1:${port}` }).ping()).rejects.toThrow()
    server.close()
    expect(new Set(asked)).toEqual(new Set(['identity']))
  })

  it('may be packed by one that is far', async () => {
    const sent = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('no network'))
    await expect(remoteDatabase({ url: 'libsql://database.test' }).ping()).rejects.toThrow()
    const [request] = sent.mock.lastCall ?? []
    sent.mockRestore()
    expect((request as Request).url).toMatch(/^https:/)
    expect((request as Request).headers.get('accept-encoding')).toBeNull()
  })
})
