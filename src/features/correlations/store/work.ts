/** Finds recorded work in `routing_events`: under an id, and the newest that failed or was slow. */
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'
import {
  type StoredRow,
  type StoredWork,
  storedWork,
  traceLinkType,
  workTypes,
} from '../../../modules/timeline/work-rows.ts'
import { isOwnRow, type Reader, visibleTo } from './reader.ts'

/** Under one id. */
export const maxWork = 500
/** Rows of one id of which others may own most. */
const maxPassed = 20_000
const maxLinked = 10
/** Rows that one page of a list looks through. */
export const maxListed = 5000

const underId = (id: string): SQL =>
  sql`select * from routing_events where trace_id = ${id} order by id desc limit ${maxPassed}`

/** The newest. */
export async function findWork(db: Db, reader: Reader, id: string) {
  const rows = await db.all<StoredRow>(sql`
    select * from (${underId(id)})
    where route_type <> ${traceLinkType} and ${visibleTo(reader)} order by id desc limit ${maxWork + 1}`)
  return { rows: rows.slice(0, maxWork).map(storedWork), complete: rows.length <= maxWork }
}

/** The correlation ids that callers sent beside a trace id. */
export async function findLinked(db: Db, reader: Reader, traceId: string): Promise<string[]> {
  const rows = await db.all<{ id: string }>(sql`
    select distinct provider_id as id from (${underId(traceId)})
    where route_type = ${traceLinkType} and ${visibleTo(reader)} limit ${maxLinked}`)
  return rows.map(({ id }) => id)
}

/** The newest first. A page may be empty and have a next. */
export async function listWork(
  db: Db,
  reader: Reader,
  { show, before, limit, slowMs }: ListQuery,
): Promise<{ rows: StoredWork[]; next: number | null }> {
  const parts = await Promise.all(
    partsOf(show, slowMs).map((part) => scanned(db, reader, { ...part, before, limit: limit + 1 })),
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
}

const notable = (type: string) =>
  sql.raw(`route_type in ('${workTypes.failed}', '${workTypes.slow}') and route_type = '${type}'`)

function partsOf(show: ListQuery['show'], slowMs: number): Part[] {
  if (show === 'failed') return [{ among: notable(workTypes.failed), where: sql`true` }]
  const isSlow = sql`score >= ${slowMs}`
  if (show === 'slow')
    return [workTypes.slow, workTypes.failed].map((type) => ({ among: notable(type), where: isSlow }))
  return [{ among: sql`true`, where: sql`route_type <> ${traceLinkType} and ${isOwnRow}` }]
}

async function scanned(
  db: Db,
  reader: Reader,
  { among, where, before, limit }: Part & Pick<ListQuery, 'before' | 'limit'>,
) {
  const earlier = before === undefined ? sql`true` : sql`id < ${before}`
  const range = sql`from routing_events where ${among} and ${earlier} order by id desc limit ${maxListed}`
  const [rows, [edge]] = await Promise.all([
    db.all<StoredRow>(
      sql`select * from (select * ${range}) where ${where} and ${visibleTo(reader)} order by id desc limit ${limit}`,
    ),
    db.all<{ first: number | null; count: number }>(
      sql`select min(id) as first, count(*) as count from (select id ${range})`,
    ),
  ])
  if (rows.length === limit) return { rows, end: rows.at(-1)?.id ?? null }
  return { rows, end: edge && edge.count >= maxListed ? edge.first : null }
}
