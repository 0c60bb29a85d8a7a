/** Reads pages of the stream. A page covers a bounded range of ids with any filter. */
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../../db/database.ts'
import { parseMoment } from '../../../lib/moment.ts'
import { storedMoment } from '../../../lib/moment-forms.ts'
import type { EventCount, EventFilter, EventPage, EventQuery } from '../../../ports/index.ts'
import { type JoinedRow, storedEvent } from '../store/rows.ts'

/** Ids that one page may cover. */
const maxStretch = 5000
/** What an event takes beside its payload. */
const overheadBytes = 512
/** To parse so much takes ten milliseconds. */
const defaultMaxBytes = 1_048_576

export async function readEvents(db: Db, query: EventQuery): Promise<EventPage> {
  const stretch = stretchOf(query)
  const rows = await db.all<PageRow>(pageOf(query, stretch))
  const events = rows.filter(({ fits }) => fits === 1).map(storedEvent)
  if (rows.length > events.length) return { events, next: events.at(-1)?.id ?? null }
  const [rest] = await db.all<{ id: number; created_at: string | null }>(stretch.beyond)
  return { events, next: rest && !isTooOld(query, rest.created_at) ? stretch.before(rest.id) : null }
}

export async function countEvents(
  db: Db,
  filter: Pick<EventQuery, keyof EventFilter | 'sinceMs'>,
  most: number,
): Promise<EventCount> {
  const query: EventQuery = { ...filter, order: 'newest_first', limit: most }
  const { within, between, beyond } = stretchOf(query)
  const [counted] = await db.all<{ count: number }>(sql`
    select count(*) as count from (
      select 1 from events e left join operator_events o on o.event_id = printf('evt_%012x', e.id)
      where ${within} and ${wanted(query)} and ${hasFiled(query, between)} limit ${most + 1}
    )`)
  const count = counted?.count ?? 0
  if (count > most) return { count: most, complete: false }
  const [rest] = await db.all<{ created_at: string | null }>(beyond)
  return { count, complete: !rest || isTooOld(query, rest.created_at) }
}

type PageRow = JoinedRow & { fits: 0 | 1 }

/** Sizes come from row headers, so a payload beyond `maxBytes` is not read. Rows that do not fit say that there is more. */
function pageOf(query: EventQuery, { direction, within, between }: Stretch): SQL {
  const { limit, maxBytes = defaultMaxBytes } = query
  const bytes = sql`coalesce(octet_length(e.payload), 0) + ${overheadBytes}`
  const fits = sql`(page.before < ${maxBytes} and page.position <= ${limit})`
  return sql`
    select page.*, ${fits} as fits, p.payload from (
      select e.id, e.source, e.event_type as type, e.created_at, o.severity, o.module, o.correlation_id, o.summary,
        row_number() over stream as position, sum(${bytes}) over stream - (${bytes}) as before
      from events e left join operator_events o on o.event_id = printf('evt_%012x', e.id)
      where ${within} and ${wanted(query)} and ${hasFiled(query, between)}
      window stream as (order by e.id ${direction} rows unbounded preceding)
      order by e.id ${direction} limit ${limit + 1}
    ) page left join events p on p.id = page.id and ${fits}
    order by page.id ${direction}`
}

interface Stretch {
  direction: SQL
  /** Its lower and upper bound, both exclusive. */
  between: readonly [SQL, SQL]
  within: SQL
  /** Selects the first row outside the range. */
  beyond: SQL
  /** The cursor from which that row is next. */
  before(id: number): number
}

/**
 * The range begins at the first existing row, because retention leaves gaps. It has one bound at each end: of two,
 * SQLite seeks by the first and walks on to the end of the table, looking for rows that fit the other.
 */
function stretchOf(query: EventQuery): Stretch {
  const { order, after = 0, before = Number.MAX_SAFE_INTEGER } = query
  const ids = Math.min(query.maxIds ?? maxStretch, maxStretch)
  const bounds = sql`id > ${after} and id < ${before}`
  if (order === 'oldest_first') {
    const end = sql`min((select min(id) from events where ${bounds}) + ${ids}, ${before})`
    return {
      direction: sql`asc`,
      between: [sql`${after}`, end],
      within: sql`e.id > ${after} and e.id < ${end}`,
      beyond: sql`select id, created_at from events where id >= ${end} and id < ${before} order by id limit 1`,
      before: (id) => id - 1,
    }
  }
  const end = sql`max((select max(id) from events where ${bounds}) - ${ids}, ${after})`
  return {
    direction: sql`desc`,
    between: [end, sql`${before}`],
    within: sql`e.id > ${end} and e.id < ${before}`,
    beyond: sql`select id, created_at from events where id > ${after} and id <= ${end} order by id desc limit 1`,
    before: (id) => id + 1,
  }
}

/** Events are ordered by time, so every event after an old one is older. */
const isTooOld = ({ order, sinceMs }: EventQuery, createdAt: string | null): boolean =>
  order === 'newest_first' && sinceMs !== undefined && (parseMoment(createdAt ?? '') ?? sinceMs) < sinceMs

function wanted({ types, severities, module, correlationId, sinceMs }: EventQuery): SQL {
  const conditions = [
    types && sql`e.event_type in (select value from json_each(${JSON.stringify(types)}))`,
    severities && sql`coalesce(o.severity, 'info') in (select value from json_each(${JSON.stringify(severities)}))`,
    module !== undefined && sql`o.module = ${module}`,
    correlationId !== undefined && sql`o.correlation_id = ${correlationId}`,
    sinceMs !== undefined && sql`e.created_at >= ${storedMoment(sinceMs)}`,
  ]
  const given = conditions.filter((condition) => condition !== false && condition !== undefined)
  return given.length > 0 ? sql.join(given, sql` and `) : sql`true`
}

/**
 * False where `operator_events` has no match in the range: one scan of it takes half as long as a lookup per event.
 * `+` keeps SQLite from using the index on modules, which would walk all rows of one module from the oldest on.
 * A selection, not `exists`, which newer SQLite makes a join of: then it is looked for again for each event.
 */
function hasFiled({ severities, module, correlationId }: EventQuery, [from, to]: Stretch['between']): SQL {
  const conditions = [
    severities &&
      !severities.includes('info') &&
      sql`severity in (select value from json_each(${JSON.stringify(severities)}))`,
    module !== undefined && sql`+module = ${module}`,
    correlationId !== undefined && sql`correlation_id = ${correlationId}`,
  ].filter((condition) => condition !== false && condition !== undefined)
  if (conditions.length === 0) return sql`true`
  return sql`(select 1 from operator_events where event_id > printf('evt_%012x', max(0, ${from}))
    and event_id < printf('evt_%012x', max(0, ${to})) and ${sql.join(conditions, sql` and `)} limit 1) is not null`
}

export async function newestEvent(db: Db): Promise<number> {
  const [row] = await db.all<{ id: number }>(sql`select coalesce(max(id), 0) as id from events`)
  return row?.id ?? 0
}
