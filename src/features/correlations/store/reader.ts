/** Who may read what was recorded: of a principal itself, of public routes everybody, and with scope admin all. */
import { type SQL, sql } from 'drizzle-orm'
import type { Principal } from '../../../config/principal.ts'
import { ownTypes } from '../../../modules/timeline/work-rows.ts'

export type Reader = Pick<Principal, 'name' | 'scopes'>

export const mayReadAll = ({ scopes }: Reader): boolean => scopes.includes('admin')

/** Null names nobody. */
export const isOwn = (reader: Reader, principal: string | null): boolean =>
  principal === null || principal === reader.name || mayReadAll(reader)

export const isOwnRow = sql`route_type in (select value from json_each(${JSON.stringify(ownTypes)}))`

/** Rows of `routing_events`. A row that does not say whose it is may be anybody's. */
export function visibleTo(reader: Reader): SQL {
  if (mayReadAll(reader)) return sql`true`
  const principal = sql`(reasoning_short ->> '$.principal')`
  const isPublic = sql`json_type(reasoning_short, '$.principal') = 'null'`
  return sql`(case when ${isOwnRow} and json_valid(reasoning_short) then ${isPublic} or ${principal} = ${reader.name} end)`
}
