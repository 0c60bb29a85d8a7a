/** Writes table DDL as VX11's models and scripts do: UNIQUE inline, named indexes separately. */
import { isAutoincrement } from '../adoption/constraints.ts'
import type { ColumnShape, IndexShape, TableShape } from '../adoption/shape.ts'

export function legacyDdl(table: TableShape): string[] {
  const autoincrement = isAutoincrement(table.ddl)
  const inline = table.indexes.filter(isInline)
  const key = table.columns.filter(({ keyPlace }) => keyPlace > 0)
  const keyNames = [...key].sort((one, other) => one.keyPlace - other.keyPlace).map(({ name }) => name)
  const parts = [
    ...table.columns.map((column) => columnDdl(column, autoincrement)),
    ...(key.length > 0 && !autoincrement ? [`PRIMARY KEY (${keyNames.join(', ')})`] : []),
    ...inline.map(({ columns }) => `UNIQUE (${columns.join(', ')})`),
    ...table.foreignKeys.map(
      ({ columns, parent, references }) =>
        `FOREIGN KEY(${columns.join(', ')}) REFERENCES ${parent} (${references.join(', ')})`,
    ),
    ...checkClauses(table),
  ]
  const beside = table.indexes.filter((index) => !isInline(index))
  return [
    `CREATE TABLE ${table.name} (\n\t${parts.join(', \n\t')}\n)`,
    ...beside.map((index) => indexDdl(table, index)),
  ]
}

/** Constraints of models and migrations are inline; scripts create `idx_` and `ux_`. */
const isInline = ({ name, unique }: IndexShape) => unique && /(_unique$|^uq_)/.test(name)

const indexDdl = ({ name: table }: TableShape, { name, unique, columns }: IndexShape) =>
  `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${name} ON ${table} (${columns.join(', ')})`

function columnDdl(column: ColumnShape, autoincrement: boolean): string {
  const type = column.type.toUpperCase()
  if (autoincrement && column.keyPlace > 0) return `${column.name} ${type} PRIMARY KEY AUTOINCREMENT`
  const value = column.default === null ? '' : ` DEFAULT ${column.default}`
  return `${column.name} ${type}${value}${column.notNull ? ' NOT NULL' : ''}`
}

/** drizzle writes each check on its own line. */
function checkClauses({ ddl, columns }: TableShape): string[] {
  const clauses = [...ddl.matchAll(/(CHECK\(.*\)),?$/gm)].map(([, clause]) => clause ?? '')
  return clauses.filter((clause) => columns.some(({ name }) => clause.includes(name)))
}
