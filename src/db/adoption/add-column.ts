/** Says how a missing column can be added: whole to an empty table, else as much of it as SQLite allows. */
import { type ColumnShape, fold, quoteName, type TableShape } from './shape.ts'

export interface ColumnAddition {
  sql: string
  /** What of the declaration had to be left out, in words; null when nothing. */
  lost: string | null
}

const constant = /^([-+]?\d+(\.\d+)?|'(?:[^']|'')*'|true|false|null)$/i

/**
 * SQLite adds no key column, and to a table with rows no default that is not constant and no NOT NULL without a default
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

/** PRAGMA tells an expression without the brackets that ALTER TABLE wants around it. */
function defaultText({ default: text }: ColumnShape): string {
  return constant.test(text ?? '') || /^CURRENT_/i.test(text ?? '') ? `${text}` : `(${text})`
}

/** A reference cannot come with a default to a table with rows, nor can one of several columns come at all. */
function references(target: TableShape, column: ColumnShape, hasDefault: boolean): string | false {
  const key = target.foreignKeys.find(
    ({ columns }) => columns.length === 1 && fold(columns[0] ?? '') === fold(column.name),
  )
  if (!key || hasDefault) return false
  const [parentColumn] = key.references
  const named = parentColumn ? `(${quoteName(parentColumn)})` : ''
  return `REFERENCES ${quoteName(key.parent)}${named} ON DELETE ${key.onDelete}`
}
