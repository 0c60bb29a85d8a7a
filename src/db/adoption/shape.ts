/** The shape of VX11's tables in a database, from SQLite's catalogue; names compare without case, as in SQLite. */

export interface ColumnShape {
  name: string
  type: string
  notNull: boolean
  /** SQL text, or null. */
  default: string | null
  /** Position in the primary key, from 1; 0 for other columns. */
  keyPlace: number
}

export interface IndexShape {
  name: string
  unique: boolean
  /** True without WHERE, expressions or collations, so that it is equivalent to a constraint. */
  plain: boolean
  columns: string[]
}

export interface ForeignKeyShape {
  columns: string[]
  parent: string
  /** As declared; `null` names the parent's primary key. */
  references: (string | null)[]
  onDelete: string
}

export interface TableShape {
  name: string
  ddl: string
  /** True if it contains a row: SQLite allows more changes to an empty table. */
  filled: boolean
  columns: ColumnShape[]
  indexes: IndexShape[]
  foreignKeys: ForeignKeyShape[]
}

export interface DatabaseShape {
  /** The requested tables, by `fold`ed name. */
  tables: Map<string, TableShape>
  /** All named objects with type and DDL, by `fold`ed name. */
  objects: Map<string, CatalogueObject>
}

export interface CatalogueObject {
  type: string
  name: string
  table: string
  /** Null for indexes that SQLite creates for constraints. */
  ddl: string | null
}

/** SQLite folds ASCII letters only. */
export const fold = (name: string) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

export const sameName = (one: string, other: string) => fold(one) === fold(other)

export const quoteName = (name: string) => `"${name.replaceAll('"', '""')}"`

export const quoteText = (text: string) => `'${text.replaceAll("'", "''")}'`
