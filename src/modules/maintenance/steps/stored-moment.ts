/** Parses in SQL the timestamps that VX11 stores as text, in every form it uses (contract data/stored-moments). */
import { type SQL, sql } from 'drizzle-orm'

/** What stands where a `?` is, `julianday` judges. D1 takes patterns of 50 characters at most. */
const dashed = '????-??-??*'
const compact = '????????T??????*'

/**
 * A Julian day, or NULL for what is no moment: with a blank or a `T`, with or without fraction and zone, and
 * `YYYYMMDDTHHMMSSZ`. The patterns keep out what SQLite would take too: `now`, and bare numbers.
 */
export const julianDay = (column: SQL): SQL => sql`CASE
  WHEN typeof(${column}) <> 'text' THEN NULL
  WHEN ${column} GLOB ${sql.raw(`'${dashed}'`)} THEN julianday(replace(${column}, '+00:00Z', 'Z'))
  WHEN ${column} GLOB ${sql.raw(`'${compact}'`)} THEN julianday(
    substr(${column}, 1, 4) || '-' || substr(${column}, 5, 2) || '-' || substr(${column}, 7, 5) || ':' ||
    substr(${column}, 12, 2) || ':' || substr(${column}, 14))
  END`

/** `moment` is ISO 8601. A row from exactly that moment is not before it. */
export const isBefore = (column: SQL, moment: string): SQL => sql`${julianDay(column)} < julianday(${moment})`
