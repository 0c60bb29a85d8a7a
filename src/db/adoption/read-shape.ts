/** Reads the shape of a database in two batches; the second depends on the first. */
import {
  type CatalogueObject,
  type DatabaseShape,
  fold,
  type IndexShape,
  quoteName,
  quoteText,
  type TableShape,
} from './shape.ts'

/** One row by column name. */
export type Row = Readonly<Record<string, unknown>>

/** Runs read-only statements in one transaction and returns the rows of each. */
export type Read = (statements: string[]) => Promise<Row[][]>

/**
 * The shape of the `wanted` tables, and the names of all other objects. Other tables are not read: a virtual table
 * whose module this SQLite lacks would fail the whole query.
 */
export async function readShape(read: Read, wanted: Iterable<string>): Promise<DatabaseShape> {
  const [objects = [], columns = [], indexes = [], foreignKeys = []] = await read(catalogueQueries(wanted))
  const shape = { objects: readObjects(objects), tables: new Map<string, TableShape>() }
  for (const [name, rows] of groups(columns, ({ tbl }) => tbl)) {
    const ddl = shape.objects.get(fold(name))?.ddl ?? ''
    const table = { name, ddl, filled: false, columns: rows.map(readColumn), indexes: [], foreignKeys: [] }
    shape.tables.set(fold(name), table)
  }
  for (const [name, rows] of groups(indexes, ({ idx }) => idx))
    shape.tables.get(fold(name))?.indexes.push(readIndex(rows))
  for (const [name, rows] of groups(foreignKeys, ({ id }) => id))
    shape.tables.get(fold(name))?.foreignKeys.push(readForeignKey(rows))
  await readFilled(read, shape)
  return shape
}

function catalogueQueries(wanted: Iterable<string>): string[] {
  const names = [...wanted].map((name) => quoteText(fold(name))).join(', ')
  const isWanted = `t.type = 'table' AND lower(t.name) IN (${names})`
  return [
    'SELECT type, name, tbl_name, sql FROM sqlite_schema',
    `SELECT t.name AS tbl, c.name, c.type, c."notnull" AS not_null, c.dflt_value, c.pk
     FROM sqlite_schema t, pragma_table_xinfo(t.name) c WHERE ${isWanted} ORDER BY t.name, c.cid`,
    `SELECT t.name AS tbl, i.name AS idx, i."unique" AS is_unique, i.partial, x.name AS col, x.coll
     FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_xinfo(i.name) x
     WHERE ${isWanted} AND x."key" = 1 ORDER BY t.name, i.seq, x.seqno`,
    `SELECT t.name AS tbl, f.id, f."table" AS parent, f."from" AS col, f."to" AS ref, f.on_delete
     FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE ${isWanted} ORDER BY t.name, f.id, f.seq`,
  ]
}

const readObjects = (rows: readonly Row[]): Map<string, CatalogueObject> =>
  new Map(
    rows.map(({ type, name, tbl_name, sql }) => [
      fold(String(name)),
      { type: String(type), name: String(name), table: String(tbl_name), ddl: sql === null ? null : String(sql) },
    ]),
  )

const readColumn = (row: Row) => ({
  name: String(row.name),
  type: String(row.type),
  notNull: Number(row.not_null) === 1,
  default: row.dflt_value === null ? null : String(row.dflt_value),
  keyPlace: Number(row.pk),
})

function readIndex(rows: readonly Row[]): IndexShape {
  return {
    name: String(rows[0]?.idx),
    unique: Number(rows[0]?.is_unique) === 1,
    plain: rows.every(({ partial, col, coll }) => Number(partial) === 0 && col !== null && coll === 'BINARY'),
    columns: rows.map(({ col }) => String(col)),
  }
}

const readForeignKey = (rows: readonly Row[]) => ({
  columns: rows.map(({ col }) => String(col)),
  parent: String(rows[0]?.parent),
  references: rows.map(({ ref }) => (ref === null ? null : String(ref))),
  onDelete: String(rows[0]?.on_delete),
})

/** Groups consecutive rows of the same table and object, with the table's name. */
function* groups(rows: readonly Row[], thingOf: (row: Row) => unknown): Generator<[table: string, rows: Row[]]> {
  let group: Row[] = []
  for (const [place, row] of rows.entries()) {
    group.push(row)
    const next = rows[place + 1]
    if (next && next.tbl === row.tbl && thingOf(next) === thingOf(row)) continue
    yield [String(row.tbl), group]
    group = []
  }
}

async function readFilled(read: Read, { tables }: DatabaseShape): Promise<void> {
  if (tables.size === 0) return
  const questions = [...tables.values()].map(
    ({ name }) => `SELECT ${quoteText(name)} AS tbl, EXISTS(SELECT 1 FROM ${quoteName(name)}) AS filled`,
  )
  const [rows = []] = await read([questions.join(' UNION ALL ')])
  for (const { tbl, filled } of rows) {
    const table = tables.get(fold(String(tbl)))
    if (table) table.filled = Number(filled) === 1
  }
}
