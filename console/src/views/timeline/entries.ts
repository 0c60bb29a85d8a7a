/** Entries as bars: when they began, how long they took, whether they failed. */

import type { TimelineEntry } from '../../../../src/features/correlations/schema.ts'
import { t } from '../../texts/index.ts'
import { number } from '../../ui/format.ts'

export type { Timeline, TimelineEntry } from '../../../../src/features/correlations/schema.ts'
export type Kind = TimelineEntry['kind']

type TimedEntry = TimelineEntry & { at: string }

export interface Bar {
  key: string
  kind: Kind
  start: number
  end: number
  title: string
  detail: string
  failed: boolean
  eventId: number | null
}

export function barsOf(entries: readonly TimelineEntry[]): Bar[] {
  const timed = entries.filter((entry): entry is TimedEntry => entry.at !== null)
  return timed.map((entry, index) => ({
    key: `${entry.kind}-${index}`,
    kind: entry.kind,
    eventId: entry.kind === 'event' ? entry.stream_id : null,
    ...spanOf(entry),
    ...wordsOf(entry),
  }))
}

/** A request is written down when it ends, with how long it took: `… 503 in 12 ms`. */
function spanOf(entry: TimedEntry): { start: number; end: number } {
  const end = Date.parse(entry.at)
  if (entry.kind !== 'request' && entry.kind !== 'routing') return { start: end, end }
  const took = Number(/([\d.]+) ?ms/.exec(entry.summary ?? '')?.[1] ?? 0)
  return { start: end - took, end }
}

/** Timelines speak as the tables do, lists of events as consoles do. */
const alarming = ['warn', 'crit', 'critical']

function wordsOf(entry: TimelineEntry): { title: string; detail: string; failed: boolean } {
  switch (entry.kind) {
    case 'event':
      return {
        title: entry.type,
        detail: entry.summary,
        failed: alarming.includes(entry.severity),
      }
    case 'chat':
      return {
        title: `chat · ${entry.role}`,
        detail: [t().timeline.characters(number(entry.characters)), entry.session_id].filter(Boolean).join(' · '),
        failed: false,
      }
    case 'request':
      return { title: entry.upstream, detail: entry.summary, failed: /\b(5\d\d|499)\b/.test(entry.summary) }
    case 'routing':
      return {
        title: `${entry.route_type} · ${entry.provider}`,
        detail: entry.summary ?? '',
        failed: /fail|timeout|unreachable|refused|malformed|empty/.test(entry.summary ?? ''),
      }
    case 'window':
      return { title: `${entry.module} · ${entry.action}`, detail: entry.summary ?? '', failed: false }
  }
}
