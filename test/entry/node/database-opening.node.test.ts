/** When the server begins to listen: after the database is open, or when that takes too long. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
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
