/** Holds the tables of the database to VX11's 88: tables, columns, keys and indexes, in two statements. */
import { sql } from 'drizzle-orm'
import { fold } from '../../../../db/adoption/shape.ts'
import type { Database, Db } from '../../../../db/database.ts'
import canon from '../canon-tables.json' with { type: 'json' }
import { type AreaFindings, gathering, ownModule } from '../findings.ts'

interface Column {
  name: string
  type: string
  notNull: boolean
  inKey: boolean
}

interface Table {
  name: string
  columns: Column[]
  /** Column names joined by commas, and whether values must differ. */
  indexes: Map<string, boolean>
}

export async function auditDatabase(database: Database): Promise<AreaFindings> {
  const { findings, checked, drift } = gathering('database')
  const actual = await readTables(database.open())
  for (const wanted of canonTables()) {
    checked()
    const table = actual.get(fold(wanted.name))
    if (table) for (const [severity, ...words] of differences(wanted, table)) drift(severity, ownModule, ...words)
    else drift('high', ownModule, wanted.name, 'a table', 'not there')
    actual.delete(fold(wanted.name))
  }
  const foreign = [...actual.values()].filter(({ name }) => !bookkeeping.test(name))
  for (const { name } of foreign) drift('low', ownModule, name, 'no such table', 'a table of another program')
  return findings
}

/** Of SQLite, of the stores and of the migrations. */
const bookkeeping = /^(sqlite_|libsql_|_cf_|__drizzle_migrations$|d1_migrations$|_litestream_)/

type Difference = readonly [severity: 'low' | 'medium' | 'high', subject: string, expected: string, actual: string]

function* differences(wanted: Table, actual: Table): Generator<Difference> {
  const found = new Map(actual.columns.map((column) => [fold(column.name), column]))
  for (const column of wanted.columns) {
    const subject = `${wanted.name}.${column.name}`
    const own = found.get(fold(column.name))
    found.delete(fold(column.name))
    if (!own) yield ['high', subject, `a column ${declaration(column)}`, 'not there']
    // SQLite takes any value in a column of any type, so this hinders nobody.
    else if (declaration(own) !== declaration(column)) yield ['low', subject, declaration(column), declaration(own)]
  }
  for (const { name } of found.values()) yield ['low', `${wanted.name}.${name}`, 'no such column', 'a column']
  for (const [columns, unique] of wanted.indexes) {
    const subject = `${wanted.name}(${columns})`
    const own = actual.indexes.get(columns)
    if (unique && !own) yield ['medium', subject, 'unique', own === undefined ? 'no index' : 'values may repeat']
    else if (own === undefined) yield ['low', subject, 'an index', 'none']
  }
}

/** NOT NULL on key columns depends on the tool that wrote the DDL. */
const declaration = ({ type, notNull, inKey }: Column): string =>
  [type.replaceAll(/\s+/g, '').toUpperCase() || 'without type', inKey ? 'KEY' : notNull ? 'NOT NULL' : '']
    .join(' ')
    .trim()

const canonTables = (): Table[] => Object.entries(canon).map(([name, line]) => canonTable(name, line.split(',')))

/** `name TYPE`, with `KEY` or `NOT NULL`, is a column; `+a+b` an index, `!a+b` a unique one. */
function canonTable(name: string, words: readonly string[]): Table {
  const isIndex = (word: string) => word.startsWith('+') || word.startsWith('!')
  const indexes = new Map<string, boolean>()
  for (const word of words.filter(isIndex)) {
    const columns = fold(word.slice(1).replaceAll('+', ','))
    indexes.set(columns, word.startsWith('!') || indexes.get(columns) === true)
  }
  const columns = words
    .filter((word) => !isIndex(word))
    .map((word) => {
      const [, column = '', type = '', rule = ''] = /^(\S+) (.*?)(?: (KEY|NOT NULL))?$/.exec(word) ?? []
      return { name: column, type, notNull: rule === 'NOT NULL', inKey: rule === 'KEY' }
    })
  return { name, columns, indexes }
}

interface ColumnRow {
  owner: string
  name: string
  type: string
  notnull: number
  pk: number
}
interface IndexRow {
  owner: string
  idx: string
  uniq: number
  col: string | null
}

/** Views and virtual tables are not VX11's; a virtual one whose module is missing would fail the statement. */
const ordinary = `t.type = 'table' AND t.name NOT GLOB '_cf_*' AND upper(t.sql) NOT LIKE 'CREATE VIRTUAL%'`

async function readTables(db: Db): Promise<Map<string, Table>> {
  const columns = await db.all<ColumnRow>(
    sql.raw(`SELECT t.name AS owner, c.name, c.type, c."notnull", c.pk
      FROM sqlite_schema t, pragma_table_info(t.name) c WHERE ${ordinary} ORDER BY t.name, c.cid`),
  )
  const indexes = await db.all<IndexRow>(
    sql.raw(`SELECT t.name AS owner, i.name AS idx, i."unique" AS uniq, x.name AS col
      FROM sqlite_schema t, pragma_index_list(t.name) i, pragma_index_info(i.name) x
      WHERE ${ordinary} ORDER BY i.name, x.seqno`),
  )
  const tables = new Map<string, Table>()
  for (const [owner, rows] of Map.groupBy(columns, (row) => row.owner)) {
    const list = rows.map(({ name, type, notnull, pk }) => ({ name, type, notNull: notnull === 1, inKey: pk > 0 }))
    tables.set(fold(owner), { name: owner, columns: list, indexes: new Map() })
  }
  for (const rows of Map.groupBy(indexes, ({ idx }) => idx).values()) {
    const [first] = rows
    const known = first && tables.get(fold(first.owner))?.indexes
    const key = rows.map(({ col }) => fold(col ?? '()')).join(',')
    known?.set(key, first?.uniq === 1 || known.get(key) === true)
  }
  return tables
}
