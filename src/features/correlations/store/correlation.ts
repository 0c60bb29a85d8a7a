/**
 * Finds what is recorded under one id, and under those that it leads to as a trace id, in one statement: each further
 * one would wait for a thread, and on an idle gateway start one that has read no page of the file yet.
 */
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'
import { type StoredRow, type StoredWork, storedWork, traceLinkType } from '../../../modules/timeline/work-rows.ts'
import { type EventRow, type FoundEvent, foundEvent, linkedEvents, ownEvents } from './events.ts'
import type { Found } from './newest-rows.ts'
import { isOwn, type Reader, visibleTo } from './reader.ts'
import { floorOf } from './work-list.ts'

/** Of each kind. */
export const maxFound = 500
/** Rows under one id of which others may own most: of the id itself, and of those that a trace leads to. */
const [maxPassed, maxPassedLinked] = [20_000, 2000]
const maxLinked = 10

export interface FoundCorrelation {
  work: Found<StoredWork>
  events: Found<FoundEvent>
}

/** The newest first. Without `followsTraces` only what is recorded under the id itself. */
export async function findCorrelation(
  db: Db,
  reader: Reader,
  id: string,
  { followsTraces }: { followsTraces: boolean },
): Promise<FoundCorrelation> {
  const rows = await db.all<CorrelationRow>(
    followsTraces ? withTraces(reader, id) : sql.join(own(reader, id), unionAll),
  )
  const newest = rows.toSorted((one, other) => other.position - one.position)
  const work = newest.filter((row) => row.filed_id === null)
  const events = newest.filter((row): row is EventRow => row.filed_id !== null)
  return {
    work: { rows: work.slice(0, maxFound).map(storedWork), complete: work.length <= maxFound },
    events: {
      rows: events
        .slice(0, maxFound)
        .flatMap((row) => foundEvent(row) ?? [])
        .filter(({ principal }) => isOwn(reader, principal)),
      complete: events.length <= maxFound,
    },
  }
}

type CorrelationRow = { position: number } & (EventRow | (StoredRow & { filed_id: null }))

const unionAll = sql` union all `

/** Begins with its select, as what only reads does (adapters/libsql/threads/client.ts). */
const withTraces = (reader: Reader, id: string): SQL => sql`
  select * from (
    with linked as materialized (
      select distinct provider_id as linked_id from routing_events
      where ${newestUnder(sql`${id}`, maxPassedLinked)} and route_type = ${traceLinkType} and ${visibleTo(reader)}
      limit ${maxLinked})
    ${sql.join([...own(reader, id), linkedWork(reader), linkedEvents(maxFound + 1)], unionAll)})`

const own = (reader: Reader, id: string): SQL[] => [
  sql`select ${workColumns} from (
    select * from routing_events
    where ${newestUnder(sql`${id}`, maxPassed)} and route_type <> ${traceLinkType} and ${visibleTo(reader)}
    order by id desc limit ${maxFound + 1})`,
  ownEvents(id, maxFound + 1),
]

const linkedWork = (reader: Reader): SQL => sql`
  select ${workColumns} from (
    select routing_events.* from linked cross join routing_events
    where ${newestUnder(sql`linked_id`, maxPassedLinked)} and route_type <> ${traceLinkType} and ${visibleTo(reader)}
    order by id desc limit ${maxFound + 1})`

const workColumns = sql`
  id as position, id, timestamp, trace_id, route_type, provider_id, score, reasoning_short,
  null as filed_id, null as severity, null as module, null as principal, null as by_whom, null as window_id`

function newestUnder(id: SQL, count: number): SQL {
  const range = sql`trace_id = ${id}`
  return sql`${range} and id >= coalesce(${floorOf(range, count)}, 0)`
}
