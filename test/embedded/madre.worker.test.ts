import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, inject } from 'vitest'
import { d1Database } from '../../src/adapters/d1/d1.ts'
import { remoteDatabase } from '../../src/adapters/libsql/remote.ts'
import type {} from '../db/provided.ts'
import { describeMadre } from '../support/contracts/madre.ts'
import { describeBodies } from './bodies.ts'
import { embeddedTraits, madreUnderTest } from './madres.ts'
import { describeStoredMadre } from './stored-madre.ts'

declare global {
  namespace Cloudflare {
    interface Env {
      DB: D1Database
    }
  }
}

beforeAll(() => applyD1Migrations(env.DB, inject('d1Migrations')))

describeMadre('the embedded madre on D1', embeddedTraits, () => madreUnderTest(d1Database(env.DB)))
describeStoredMadre('D1', () => d1Database(env.DB))
describeBodies(() => d1Database(env.DB))

const sqldUrl = inject('sqldUrl')
describe.skipIf(sqldUrl === null)('with a libSQL server', () => {
  describeStoredMadre('a libSQL server, from workerd', () => remoteDatabase({ url: sqldUrl ?? '' }))
})
