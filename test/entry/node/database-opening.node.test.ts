/** The beginning and the end of the database: when the server listens, and what an end does to a migration. */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openMigratedFile } from '../../../src/adapters/libsql/file.ts'
import { systemClock } from '../../../src/adapters/system/clock.ts'
import { parseConfig } from '../../../src/config/config.ts'
import { nodeDatabase } from '../../../src/entry/node/database/node-database.ts'
import { silent } from '../../support/event-log.ts'
import { fakeClock } from '../../support/fake-clock.ts'

/** Takes connections and never answers. */
let frozen: Server
beforeEach(async () => {
  frozen = createServer()
  await once(frozen.listen(0, '127.0.0.1'), 'listening')
})
afterEach(() => frozen.close())

it('waits five seconds for a database that does not answer, since a request before would be refused', async () => {
  const connections = new Set<{ destroy(): void }>()
  frozen.on('connection', (socket) => connections.add(socket))
  const clock = fakeClock()
  const url = `http://127.0.0.1:${(frozen.address() as AddressInfo).port}`
  const config = parseConfig({ VX11_TENTACULO_LINK_TOKEN: 'a-token-for-tests', VX11_DATABASE_URL: url })
  const database = nodeDatabase(config, silent, clock)
  let listens = false
  const begun = database.begun().then(() => {
    listens = true
  })
  await clock.advance(4999)
  expect(listens).toBe(false)
  await clock.advance(1)
  await begun
  expect(() => database.open()).toThrow('database_unavailable')
  for (const socket of connections) socket.destroy()
  await database.close()
})

it('lets a migration end that is under way when it closes: a thread that dies within it ends the process', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gateway-opening-'))
  const url = `file:${join(folder, 'vx11.db')}`
  const config = parseConfig({ VX11_TENTACULO_LINK_TOKEN: 'a-token-for-tests', VX11_DATABASE_URL: url })
  await nodeDatabase(config, silent, systemClock()).close()
  expect(await openMigratedFile(url).then((database) => database?.close().then(() => 'migrated'))).toBe('migrated')
  await rm(folder, { recursive: true })
})
