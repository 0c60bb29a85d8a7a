import { applyD1Migrations, reset } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, inject, it } from 'vitest'
import { testDatabase } from '#test-database'
import { remoteDatabase } from '../../src/adapters/libsql/remote.ts'
import { describeDatabase } from '../support/contracts/database.ts'

const database = testDatabase()
describeDatabase('D1', async () => database())

describe('D1 without its migrations', () => {
  it('is empty until they are applied, and ready then', async () => {
    const faultOf = (asked: Promise<unknown>) =>
      asked.then(
        () => null,
        ({ fault }) => fault,
      )
    await reset()
    expect(await faultOf(database().ping())).toBe('empty')
    await applyD1Migrations(env.DB, inject('d1Migrations'))
    expect(await faultOf(database().ping())).toBeNull()
  })
})

const sqldUrl = inject('sqldUrl')
describe.skipIf(sqldUrl === null)('with a libSQL server', () => {
  describeDatabase('a libSQL server, from workerd', async () => remoteDatabase({ url: sqldUrl ?? '' }))
})
