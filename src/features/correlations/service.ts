/** Gathers the timeline of one correlation id: events, chat, routing, proxied requests and power windows. */
import type { Principal } from '../../config/principal.ts'
import { parseMoment } from '../../lib/moment.ts'
import { isoMomentOrNull } from '../../lib/moment-forms.ts'
import type { Clock, Deps, StoredEvent } from '../../ports/index.ts'
import { proxiedRouteType } from '../../upstream/request-recorder.ts'
import type { Timeline, TimelineEntry } from './schema.ts'
import { correlationStore, type FoundMessage, type FoundPower, type FoundRouting } from './store.ts'

export const maxEntries = 500
const pageEvents = 500
/** Ten pages of the stream without a match, each of at most 5000 events and a few milliseconds, or four times as many. */
const maxEffort = 40

type WithMs<Entry> = Entry extends unknown ? Omit<Entry, 'at'> & { at: number | null } : never
/** Times in epoch milliseconds, for sorting. */
type FoundEntry = WithMs<TimelineEntry>

export type CorrelationDeps = Pick<Deps, 'events' | 'database' | 'clock'>

/** Whose conversations an answer may identify. */
export type TimelineReader = Pick<Principal, 'name' | 'scopes'>

export async function readTimeline(
  { events, database, clock }: CorrelationDeps,
  correlationId: string,
  reader: TimelineReader,
): Promise<Timeline> {
  const store = correlationStore(database)
  const [found, chat, routing] = await Promise.all([
    findEvents(events, clock, correlationId),
    store.messages(correlationId),
    store.routings(correlationId),
  ])
  const windows = await store.powers(windowsOf(found.rows))
  const entries = [
    ...windows.rows.map((power) => windowEntry(power, found.rows)),
    ...routing.rows.map(routingEntry),
    ...chat.rows.map((message) => chatEntry(message, reader)),
    ...found.rows.map(eventEntry),
  ]
  return {
    correlation_id: correlationId,
    entries: inOrder(entries)
      .slice(-maxEntries)
      .map(({ at, ...entry }) => ({ ...entry, at: isoMomentOrNull(at) }) as TimelineEntry),
    searched: {
      events: searched(found),
      chat: searched(chat),
      routing: searched(routing),
      windows: searched(windows),
    },
  }
}

async function findEvents(events: Deps['events'], clock: Clock, correlationId: string) {
  const rows: StoredEvent[] = []
  let before: number | undefined
  for (let effort = 0; effort < maxEffort && rows.length < maxEntries; ) {
    if (effort > 0) await clock.sleep(0)
    const page = await events.read({
      ...{ correlationId, limit: pageEvents, order: 'newest_first' },
      ...(before !== undefined && { before }),
    })
    effort += page.events.length > 0 ? 1 : 4
    rows.push(...page.events.map(withoutPayload))
    if (page.next === null) return { rows, complete: true }
    before = page.next
  }
  return { rows, complete: false }
}

/** Nobody sees the rest of it here, and all of them at once would be megabytes. */
const withoutPayload = (event: StoredEvent): StoredEvent => ({
  ...event,
  payload: { window_id: event.payload.window_id, principal: event.payload.principal ?? event.payload.by },
})

/** Window events carry the window's id. */
const windowsOf = (events: readonly StoredEvent[]): string[] => {
  const ids = events.map(({ payload }) => payload.window_id).filter((id) => typeof id === 'string')
  return [...new Set(ids)].slice(0, 50)
}

const searched = ({ rows, complete }: { rows: readonly unknown[]; complete: boolean }) => ({
  found: rows.length,
  complete,
})

const moment = (text: string | null) => parseMoment(text ?? '')

const eventEntry = (event: StoredEvent): FoundEntry => {
  const { at, eventId, id, type, source, severity, module, summary } = event
  const fields = { at, event_id: eventId, stream_id: id, type, source, severity, module, summary }
  return { kind: 'event', ...fields, principal: principalIn(event) }
}

const principalIn = ({ payload }: StoredEvent): string | null =>
  typeof payload.principal === 'string' ? payload.principal : null

function chatEntry({ id, session_id, owner, role, characters, created_at }: FoundMessage, reader: TimelineReader) {
  const known = owner === reader.name || reader.scopes.includes('admin')
  const ids = known ? { message_id: id, session_id } : { message_id: null, session_id: null }
  return { kind: 'chat' as const, at: moment(created_at), ...ids, role, characters }
}

const routingEntry = ({ route_type, provider_id, reasoning_short, timestamp }: FoundRouting): FoundEntry =>
  route_type === proxiedRouteType
    ? { kind: 'request', at: moment(timestamp), upstream: provider_id, summary: reasoning_short ?? '' }
    : { kind: 'routing', at: moment(timestamp), route_type, provider: provider_id, summary: reasoning_short }

function windowEntry({ module, action, reason, timestamp }: FoundPower, events: readonly StoredEvent[]): FoundEntry {
  const type = `gateway.${action.replace('_', '.')}`
  const told = events.find((event) => event.type === type && reason?.startsWith(`${event.payload.window_id} `))
  const fields = { at: moment(timestamp), module, action, summary: reason }
  return { kind: 'window', ...fields, principal: told ? principalIn(told) : null }
}

/** By time, then by insertion; entries without a time come first. */
const inOrder = (entries: readonly FoundEntry[]) => entries.toReversed().toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))
