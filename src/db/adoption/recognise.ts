/** Decides from its tables what a database without a record of migrations is: empty, VX11's, or somebody else's. */
import { type DatabaseShape, fold } from './shape.ts'

/** The oldest VX11 database known had 50 of the 88; other programs share a generic name such as `tasks` or `events`. */
const fewestTables = 40

const bookkeeping = /^(sqlite_|libsql_|_cf_|__drizzle_migrations$|d1_migrations$)/

export interface Recognition {
  kind: 'empty' | 'vx11' | 'foreign'
  /** How many of its tables are VX11's. */
  known: number
}

export function recognise(actual: DatabaseShape, wanted: ReadonlySet<string>): Recognition {
  const tables = [...actual.objects.values()].filter(({ type, name }) => type === 'table' && !bookkeeping.test(name))
  const known = tables.filter(({ name }) => wanted.has(fold(name))).length
  if (tables.length === 0) return { kind: 'empty', known }
  return { kind: known >= fewestTables ? 'vx11' : 'foreign', known }
}
