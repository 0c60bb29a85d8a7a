/** One page of the events of the last hours, the newest first; what it costs is bounded, whatever the filter keeps. */
import { filterOf } from '../../modules/events/stream/filter.ts'
import type { Deps, StoredEvent } from '../../ports/index.ts'
import { listedEvent } from './listed.ts'
import type { EventList, EventListQuery } from './schema.ts'

const hourMs = 3_600_000
/** Looks at the database for one answer; each is at most 5000 events long, a few milliseconds. Others get a turn between. */
const maxLooks = 5

export async function listEvents(
  { events, clock }: Pick<Deps, 'events' | 'clock'>,
  query: EventListQuery,
): Promise<EventList> {
  const { limit, offset, hours_back: hours } = query
  const wanted = offset + limit
  const found: StoredEvent[] = []
  let next: number | null = query.before ?? Number.MAX_SAFE_INTEGER
  for (let look = 0; look < maxLooks && found.length < wanted && next !== null; look++) {
    if (look > 0) await clock.sleep(0)
    const bounds = { before: next, sinceMs: clock.now() - hours * hourMs, limit: Math.min(1000, wanted - found.length) }
    const page = await events.read({ ...filterOf(query), ...bounds, order: 'newest_first' })
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
    ...(!counted && { note: 'Not all were counted: pass `next` as `before` to go on.' }),
  }
}
