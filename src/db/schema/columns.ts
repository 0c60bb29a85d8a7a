/** The column types that VX11 declares and drizzle does not know, each written in DDL exactly as declared. */
import { sql } from 'drizzle-orm'
import { customType, integer, text } from 'drizzle-orm/sqlite-core'

/** SQLite does not enforce the length; it is kept because it is part of the declared type. */
export const varchar = customType<{ data: string; config: { length: number }; configRequired: true }>({
  dataType: ({ length }) => `VARCHAR(${length})`,
})

/** Text in several forms, often within one column: with a blank or a `T`, with or without fraction and zone. */
export const datetime = customType<{ data: string }>({ dataType: () => 'DATETIME' })

/** The same as `datetime` under another declared name. */
export const timestamp = customType<{ data: string }>({ dataType: () => 'TIMESTAMP' })

/** Stored as 0 or 1. */
export const boolean = customType<{ data: boolean; driverData: number }>({
  dataType: () => 'BOOLEAN',
  toDriver: (value) => (value ? 1 : 0),
  fromDriver: (value) => value !== 0,
})

export const float = customType<{ data: number }>({ dataType: () => 'FLOAT' })

/** A TEXT primary key without NOT NULL: VX11's scripts leave it out and SQLite does not imply it. */
export const textKey = <TName extends string>(name: TName) => withoutNotNull(text(name).primaryKey())

/** INTEGER PRIMARY KEY AUTOINCREMENT without NOT NULL: an id is never given out twice. */
export const autoincrementKey = () => withoutNotNull(integer().primaryKey({ autoIncrement: true }))

/** The default that the DDL carries: `YYYY-MM-DD HH:MM:SS`, UTC, by the store's clock. */
export const currentTimestamp = sql`CURRENT_TIMESTAMP`

/** The default that VX11's Python sets: `YYYY-MM-DD HH:MM:SS.ffffff`, UTC. A writer with a clock gives its own. */
export const utcNow = () => sql`strftime('%Y-%m-%d %H:%M:%f000', 'now')`

/** drizzle's `primaryKey()` adds NOT NULL to the DDL and has no way to say otherwise; the row type stays non-null. */
function withoutNotNull<T extends object>(column: T): T {
  const { config } = column as unknown as { config: { notNull: boolean } }
  config.notNull = false
  return column
}
