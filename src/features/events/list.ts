/** One page of recent events, newest first, at a bounded cost with any filter. */
import { filterOf } from '../../modules/events/stream/filter.ts'
import type { Deps, EventPage, StoredEvent } from '../../ports/index.ts'
import { listedEvent } from './listed.ts'
import type { EventList, EventListQuery } from './schema.ts'

type ListDeps = Pick<Deps, 'events' | 'clock'>

const hourMs = 3_600_000
/** Page reads per answer: 5 pages without an event, each of at most 5000 ids and a few milliseconds, or 8 times as many. */
const maxEffort = 40
const effortOf = ({ events }: EventPage) => (events.length > 0 ? 1 : 8)
/** What is counted when the page does not show it all. */
const maxTotal = 1000

export async function listEvents(deps: ListDeps, query: EventListQuery): Promise<EventList> {
  const { limit, offset, before, cursor = before ?? null } = query
  const sinceMs = deps.clock.now() - query.hours_back * hourMs
  const { found, next } = await findEvents(deps, query, cursor, sinceMs)
  // From the first event to the last one: counting is done.
  const isAll = next === null && cursor === null
  const counted = isAll
    ? { count: found.length, complete: true }
    : await deps.events.count({ ...filterOf(query), sinceMs }, maxTotal)
  return {
    events: found.slice(offset).map(listedEvent),
    total: counted.count,
    total_is_bound: !counted.complete,
    limit,
    offset,
    has_more: next !== null,
    next: next === null ? null : String(next),
  }
}

async function findEvents({ events, clock }: ListDeps, query: EventListQuery, cursor: number | null, sinceMs: number) {
  const wanted = query.offset + query.limit
  const found: StoredEvent[] = []
  let next: number | null = cursor ?? Number.MAX_SAFE_INTEGER
  for (let effort = 0; effort < maxEffort && found.length < wanted && next !== null; ) {
    if (effort > 0) await clock.sleep(0)
    const bounds = { before: next, sinceMs, limit: Math.min(1000, wanted - found.length) }
    const page: EventPage = await events.read({ ...filterOf(query), ...bounds, order: 'newest_first' })
    effort += effortOf(page)
    found.push(...page.events)
    next = page.next
  }
  return { found, next }
}
