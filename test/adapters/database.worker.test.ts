import { describe, inject } from 'vitest'
import { testDatabase } from '#test-database'
import { remoteDatabase } from '../../src/adapters/libsql/remote.ts'
import { describeDatabase } from '../support/contracts/database.ts'

const database = testDatabase()
describeDatabase('D1', async () => database())

const sqldUrl = inject('sqldUrl')
describe.skipIf(sqldUrl === null)('with a libSQL server', () => {
  describeDatabase('a libSQL server, from workerd', async () => remoteDatabase({ url: sqldUrl ?? '' }))
})
