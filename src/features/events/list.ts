/** One page of recent events, newest first, at a bounded cost whatever the filter keeps. */
import { filterOf } from '../../modules/events/stream/filter.ts'
import type { Deps, EventPage, StoredEvent } from '../../ports/index.ts'
import { listedEvent } from './listed.ts'
import type { EventList, EventListQuery } from './schema.ts'

const hourMs = 3_600_000
/** An answer reads five pages without an event, each of at most 5000 and a few milliseconds, or eight times as many with. */
const maxEffort = 40
const effortOf = ({ events }: EventPage) => (events.length > 0 ? 1 : 8)

export async function listEvents(
  { events, clock }: Pick<Deps, 'events' | 'clock'>,
  query: EventListQuery,
): Promise<EventList> {
  const { limit, offset, hours_back: hours } = query
  const wanted = offset + limit
  const found: StoredEvent[] = []
  let next: number | null = query.before ?? Number.MAX_SAFE_INTEGER
  for (let effort = 0; effort < maxEffort && found.length < wanted && next !== null; ) {
    if (effort > 0) await clock.sleep(0)
    const bounds = { before: next, sinceMs: clock.now() - hours * hourMs, limit: Math.min(1000, wanted - found.length) }
    const page: EventPage = await events.read({ ...filterOf(query), ...bounds, order: 'newest_first' })
    effort += effortOf(page)
    found.push(...page.events)
    next = page.next
  }
  const counted = next === null && query.before === undefined
  return {
    events: found.slice(offset).map(listedEvent),
    total: counted ? found.length : null,
    limit,
    offset,
    has_more: next !== null,
    next,
    ...(!counted && { note: 'Not all events were counted. Pass `next` as `before` to continue.' }),
  }
}
