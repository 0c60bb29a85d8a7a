/** Builds the statement that adds a missing column: in full to an empty table, else as far as SQLite allows. */
import { type ColumnShape, fold, quoteName, type TableShape } from './shape.ts'

export interface ColumnAddition {
  sql: string
  /** The parts of the declaration that were left out, in words; null if none. */
  lost: string | null
}

const constant = /^([-+]?\d+(\.\d+)?|'(?:[^']|'')*'|true|false|null)$/i

/**
 * SQLite cannot add key columns. To a table with rows it adds only constant defaults, and NOT NULL only with a default
 * (https://sqlite.org/lang_altertable.html#alter_table_add_column).
 */
export function addColumn(actual: TableShape, target: TableShape, column: ColumnShape): ColumnAddition {
  const keepsDefault = column.default !== null && (!actual.filled || constant.test(column.default))
  const keepsNotNull = column.notNull && column.keyPlace === 0 && (!actual.filled || keepsDefault)
  const lost = [
    column.keyPlace > 0 && 'PRIMARY KEY',
    column.notNull && !keepsNotNull && 'NOT NULL',
    column.default !== null && !keepsDefault && `DEFAULT ${column.default}`,
  ].filter((part) => part !== false)
  const parts = [
    `ALTER TABLE ${quoteName(actual.name)} ADD COLUMN ${quoteName(column.name)} ${column.type}`,
    keepsDefault && `DEFAULT ${defaultText(column)}`,
    keepsNotNull && 'NOT NULL',
    references(target, column, keepsDefault && actual.filled),
  ]
  return { sql: parts.filter((part) => part).join(' '), lost: lost.length > 0 ? lost.join(', ') : null }
}

/** PRAGMA reports expressions without the parentheses that ALTER TABLE requires. */
function defaultText({ default: text }: ColumnShape): string {
  return constant.test(text ?? '') || /^CURRENT_/i.test(text ?? '') ? `${text}` : `(${text})`
}

/** SQLite adds no reference with a default to a table with rows, and no multi-column reference at all. */
function references(target: TableShape, column: ColumnShape, hasDefault: boolean): string | false {
  const key = target.foreignKeys.find(
    ({ columns }) => columns.length === 1 && fold(columns[0] ?? '') === fold(column.name),
  )
  if (!key || hasDefault) return false
  const [parentColumn] = key.references
  const named = parentColumn ? `(${quoteName(parentColumn)})` : ''
  return `REFERENCES ${quoteName(key.parent)}${named} ON DELETE ${key.onDelete}`
}
