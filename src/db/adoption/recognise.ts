/** Classifies a database without migration records by its tables: empty, VX11's, or foreign. */
import { type DatabaseShape, fold } from './shape.ts'

/** The oldest VX11 database known had 50 of the 88; other programs share a generic name such as `tasks` or `events`. */
const minKnownTables = 40

const bookkeeping = /^(sqlite_|libsql_|_cf_|__drizzle_migrations$|d1_migrations$)/

export interface Recognition {
  kind: 'empty' | 'vx11' | 'foreign'
  /** The number of its tables that are VX11's. */
  known: number
}

export function recognise(actual: DatabaseShape, wanted: ReadonlySet<string>): Recognition {
  const tables = [...actual.objects.values()].filter(({ type, name }) => type === 'table' && !bookkeeping.test(name))
  const known = tables.filter(({ name }) => wanted.has(fold(name))).length
  if (tables.length === 0) return { kind: 'empty', known }
  return { kind: known >= minKnownTables ? 'vx11' : 'foreign', known }
}
