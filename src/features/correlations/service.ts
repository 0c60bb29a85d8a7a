/** Gathers the timeline of one correlation id: events, chat, routing, proxied requests and power windows. */
import { parseMoment } from '../../lib/moment.ts'
import { isoMomentOrNull } from '../../lib/moment-forms.ts'
import { shownSessionId } from '../../modules/chat/exchanges/session-names.ts'
import type { StoredWork } from '../../modules/timeline/work-rows.ts'
import type { Deps } from '../../ports/index.ts'
import type { Timeline, TimelineEntry } from './schema.ts'
import { findCorrelation } from './store/correlation.ts'
import type { FoundEvent } from './store/events.ts'
import { type FoundMessage, type FoundPower, findMessages, findPowers } from './store/newest-rows.ts'
import { isOwn, type Reader } from './store/reader.ts'

export const maxEntries = 500

type WithMs<Entry> = Entry extends unknown ? Omit<Entry, 'at'> & { at: number | null } : never
/** Times in epoch milliseconds, for sorting. */
type FoundEntry = WithMs<TimelineEntry>

export type CorrelationDeps = Pick<Deps, 'database'>

export async function readTimeline(
  { database }: CorrelationDeps,
  correlationId: string,
  reader: Reader,
): Promise<Timeline> {
  const db = database.open()
  const [{ work: routing, events }, chat] = await Promise.all([
    findCorrelation(db, reader, correlationId, { followsTraces: false }),
    findMessages(db, correlationId),
  ])
  const windows = await findPowers(db, windowsOf(events.rows))
  const entries = [
    ...windows.rows.map((power) => windowEntry(power, events.rows)),
    ...routing.rows.map(workEntry),
    ...chat.rows.map((message) => chatEntry(message, reader)),
    ...events.rows.map(eventEntry),
  ]
  return {
    correlation_id: correlationId,
    entries: inOrder(entries)
      .slice(-maxEntries)
      .map(({ at, ...entry }) => ({ ...entry, at: isoMomentOrNull(at) }) as TimelineEntry),
    searched: {
      events: searched(events),
      chat: searched(chat),
      routing: searched(routing),
      windows: searched(windows),
    },
  }
}

/** Window events carry the window's id. */
const windowsOf = (events: readonly FoundEvent[]): string[] =>
  [...new Set(events.flatMap(({ windowId }) => windowId ?? []))].slice(0, 50)

const searched = ({ rows, complete }: { rows: readonly unknown[]; complete: boolean }) => ({
  found: rows.length,
  complete,
})

const moment = (text: string | null) => parseMoment(text ?? '')

function eventEntry({ eventId: event_id, id: stream_id, ...event }: FoundEvent): FoundEntry {
  const { windowId: _, correlationId: __, ...told } = event
  return { kind: 'event', event_id, stream_id, ...told }
}

function chatEntry({ id, session_id, owner, role, characters, created_at }: FoundMessage, reader: Reader) {
  const known = owner !== null && isOwn(reader, owner)
  const ids = known
    ? { message_id: id, session_id: shownSessionId(session_id) }
    : { message_id: null, session_id: null }
  return { kind: 'chat' as const, at: moment(created_at), ...ids, role, characters }
}

function workEntry({ kind, at, target, name, status, outcome, durationMs, decision }: StoredWork): FoundEntry {
  if (kind === 'routing') return { kind, at, route_type: name, provider: target, summary: decision }
  const took = durationMs === null ? [] : [`${Math.round(durationMs)} ms`]
  const summary = [name, status ?? outcome, ...took].filter((part) => part !== null).join(' ')
  return kind === 'request'
    ? { kind, at, upstream: target, summary }
    : { kind: 'routing', at, route_type: kind, provider: target, summary }
}

function windowEntry({ module, action, reason, timestamp }: FoundPower, events: readonly FoundEvent[]): FoundEntry {
  const type = `gateway.${action.replace('_', '.')}`
  const told = events.find((event) => event.type === type && reason?.startsWith(`${event.windowId} `))
  return { kind: 'window', at: moment(timestamp), module, action, summary: reason, principal: told?.principal ?? null }
}

/** By time, then by insertion; entries without a time come first. */
const inOrder = (entries: readonly FoundEntry[]) => entries.toReversed().toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0))
