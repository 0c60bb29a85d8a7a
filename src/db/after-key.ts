/** The condition for the rows after a given one, in a list sorted by a column and then by id. */
import { type AnyColumn, type SQL, sql } from 'drizzle-orm'

interface SortedBy {
  /** Backwards; null counts as an empty text. */
  column: AnyColumn
  /** Where two rows have the same. */
  id: AnyColumn
  idsBackwards?: boolean
}

/** The list is sorted by `column desc, id`, or `column desc, id desc`. */
export function afterKey({ column, id, idsBackwards = false }: SortedBy, [key, last]: readonly [string, string]): SQL {
  const behind = idsBackwards ? sql`${id} < ${last}` : sql`${id} > ${last}`
  return sql`(coalesce(${column}, '') < ${key} or (coalesce(${column}, '') = ${key} and ${behind}))`
}
