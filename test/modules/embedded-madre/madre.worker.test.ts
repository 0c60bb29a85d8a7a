import { describe, inject } from 'vitest'
import { testDatabase } from '#test-database'
import { remoteDatabase } from '../../../src/adapters/libsql/remote.ts'
import { describeMadre } from '../../support/contracts/madre.ts'
import { describeBodies } from './bodies.ts'
import { embeddedTraits, madreUnderTest } from './madres.ts'
import { describeStoredMadre } from './stored-madre.ts'

const database = testDatabase()

describeMadre('the embedded madre on D1', embeddedTraits, () => madreUnderTest(database()))
describeStoredMadre('D1', database)
describeBodies(database)

const sqldUrl = inject('sqldUrl')
describe.skipIf(sqldUrl === null)('with a libSQL server', () => {
  describeStoredMadre('a libSQL server, from workerd', () => remoteDatabase({ url: sqldUrl ?? '' }))
})
