/** What a database holds of VX11's tables, read from SQLite's own catalogue; names compare without case, as in SQLite. */

export interface ColumnShape {
  name: string
  type: string
  notNull: boolean
  /** SQL text; null when there is none. */
  default: string | null
  /** The place in the primary key, from 1; 0 outside of it. */
  keyPlace: number
}

export interface IndexShape {
  name: string
  unique: boolean
  /** Whether it covers every row, in columns alone, as SQLite compares by default: then it serves as a constraint. */
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
  /** Whether it holds a row: SQLite lets more be added to a table that holds none. */
  filled: boolean
  columns: ColumnShape[]
  indexes: IndexShape[]
  foreignKeys: ForeignKeyShape[]
}

export interface DatabaseShape {
  /** The tables that were asked for, by `fold`ed name. */
  tables: Map<string, TableShape>
  /** Everything that has a name, by `fold`ed name: what it is, and its DDL. */
  objects: Map<string, CatalogueObject>
}

export interface CatalogueObject {
  type: string
  name: string
  table: string
  /** Null for the indexes that SQLite makes for constraints. */
  ddl: string | null
}

/** SQLite folds the case of ASCII letters and of nothing else. */
export const fold = (name: string) => name.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

export const sameName = (one: string, other: string) => fold(one) === fold(other)

export const quoteName = (name: string) => `"${name.replaceAll('"', '""')}"`

export const quoteText = (text: string) => `'${text.replaceAll("'", "''")}'`
