/** Databases that are not there: one that refuses at once, and one that never answers. */
import type { Database, Db } from '../../src/db/database.ts'

const shell = { ping: async () => {}, close: async () => {} }

export const awayDatabase: Database = {
  ...shell,
  open: () => {
    throw new Error('the database is away')
  },
}

/** Whatever is asked of it leads to a promise that stays pending. */
const silent: Db = new Proxy((() => {}) as unknown as Db, {
  get: (_target, name) => (name === 'then' ? () => {} : silent),
  apply: () => silent,
})

export const hangingDatabase: Database = { ...shell, open: () => silent }
