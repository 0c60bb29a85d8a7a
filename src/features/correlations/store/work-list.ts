/** Lists recorded work of `routing_events`: the newest, and the newest that failed or was slow. */
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'
import {
  type StoredRow,
  type StoredWork,
  storedWork,
  traceLinkType,
  workTypes,
} from '../../../modules/timeline/work-rows.ts'
import { isOwnRow, mayReadAll, type Reader, visibleTo } from './reader.ts'

/** Rows that one page of a list looks through: where they lie beside each other, and where each is a page of the file. */
export const maxListed = 5000
const maxScattered = 300

/** The newest first. A page may be empty and have a next. */
export async function listWork(
  db: Db,
  reader: Reader,
  { show, before, limit, slowMs }: ListQuery,
): Promise<{ rows: StoredWork[]; next: number | null }> {
  const parts = await Promise.all(
    partsOf(show, slowMs, reader).map((part) => scanned(db, reader, { ...part, before, limit: limit + 1 })),
  )
  // Below it, a part that was not searched to its end may have rows that are newer than those of another.
  const searchedTo = Math.max(0, ...parts.map(({ end }) => end ?? 0))
  const found = parts.flatMap(({ rows }) => rows).filter(({ id }) => id >= searchedTo)
  const rows = found.toSorted((one, other) => other.id - one.id)
  const page = rows.slice(0, limit).map(storedWork)
  return { rows: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : searchedTo || null }
}

export interface ListQuery {
  show: 'recent' | 'failed' | 'slow'
  before: number | undefined
  limit: number
  slowMs: number
}

interface Part {
  /** Literals: bound values would keep SQLite from the partial index. */
  among: SQL
  where: SQL
  /** How many rows are looked through. */
  most: number
}

const notable = (type: string) =>
  sql.raw(`route_type in ('${workTypes.failed}', '${workTypes.slow}') and route_type = '${type}'`)

function partsOf(show: ListQuery['show'], slowMs: number, reader: Reader): Part[] {
  if (show === 'recent')
    return [{ among: sql`true`, where: sql`route_type <> ${traceLinkType} and ${isOwnRow}`, most: maxListed }]
  // The index tells who was slow; only the row itself tells whose it is.
  const most = mayReadAll(reader) ? maxListed : maxScattered
  if (show === 'failed') return [{ among: notable(workTypes.failed), where: sql`true`, most }]
  return [workTypes.slow, workTypes.failed].map((type) => ({
    among: notable(type),
    where: sql`score >= ${slowMs}`,
    most,
  }))
}

/** One statement after an index, so that it stops at the last row that it gives; the floor is read from the index alone. */
async function scanned(
  db: Db,
  reader: Reader,
  { among, where, most, before, limit }: Part & Pick<ListQuery, 'before' | 'limit'>,
) {
  const range = sql`${among} and ${before === undefined ? sql`true` : sql`id < ${before}`}`
  const floor = floorOf(range, most)
  const [rows, [edge]] = await Promise.all([
    db.all<StoredRow>(sql`
      select * from routing_events where ${range} and id >= coalesce(${floor}, 0) and ${where} and ${visibleTo(reader)}
      order by id desc limit ${limit}`),
    db.all<{ id: number | null }>(sql`select ${floor} as id`),
  ])
  return { rows, end: rows.length === limit ? (rows.at(-1)?.id ?? null) : (edge?.id ?? null) }
}

/** The lowest id of the newest `count` rows; null where there are fewer. */
export const floorOf = (range: SQL, count: number): SQL =>
  sql`(select id from routing_events where ${range} order by id desc limit 1 offset ${count - 1})`
