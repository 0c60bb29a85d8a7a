/** Puts events into messages: those of one subject that come close together become one, with their number. */
import type { WebhookConfig } from '../../config/config.ts'
import type { EventSeverity, StoredEvent } from '../../ports/index.ts'
import { kindOf, type Role, subjectOf } from './kinds.ts'
import type { Group, WebhookRecord } from './record.ts'

/** Events of one cause come together: a breaker opens, its module is down. */
export const gatherMs = 2000
/** Messages that wait. With so many no more are read: the ledger keeps them. */
const maxGroups = 50
const maxEvents = 5
const maxOpen = 200
const ranks: Readonly<Record<EventSeverity, number>> = { info: 0, warn: 1, crit: 2 }

type Rules = Pick<WebhookConfig, 'minSeverity' | 'groupMs'>

/** The events come in order. False when there is no room for the next one: `position` then stands before it. */
export function foldEvents(record: WebhookRecord, events: readonly StoredEvent[], rules: Rules, now: number): boolean {
  for (const event of events) {
    if (!foldEvent(record, event, rules, now)) return false
    record.position = event.id
  }
  return true
}

export const keyOf = ({ kind, subject }: Pick<Group, 'kind' | 'subject'>): string => `${kind} ${subject}`

function foldEvent(record: WebhookRecord, event: StoredEvent, { minSeverity, groupMs }: Rules, now: number): boolean {
  const { kind, role, pauseMs = 0 } = kindOf(event.type)
  const subject = subjectOf(event)
  const key = keyOf({ kind, subject })
  const began = record.open[key] ?? null
  const isWanted = role === 'recovery' ? began !== null : ranks[event.severity] >= ranks[minSeverity]
  if (!isWanted) return true
  const waiting = record.groups.find((group) => keyOf(group) === key && group.attempts === 0)
  if (!waiting && record.groups.length >= maxGroups) return false
  follow(record, key, role, event.at)
  if (waiting) {
    join(waiting, event, role)
    return true
  }
  const told = record.told[key] ?? Number.NEGATIVE_INFINITY
  // Clocks of other instances, and one that is set, may be ahead.
  const [at, toldAt] = [Math.min(event.at, now), Math.min(told, now)]
  const dueAt = Math.max(at + gatherMs, toldAt + Math.max(groupMs, pauseMs))
  const first = { firstId: event.id, id: event.eventId, firstAt: event.at, count: 1, events: [line(event)] }
  record.groups.push({ kind, subject, role, ...first, since: began, severity: event.severity, dueAt, attempts: 0 })
  return true
}

function follow(record: WebhookRecord, key: string, role: Role, at: number): void {
  if (role === 'recovery') delete record.open[key]
  if (role !== 'problem' || record.open[key] !== undefined) return
  record.open[key] = at
  const [oldest] = Object.keys(record.open)
  if (oldest !== undefined && Object.keys(record.open).length > maxOpen) delete record.open[oldest]
}

function join(group: Group, event: StoredEvent, role: Role): void {
  group.role = role
  group.count++
  if (ranks[event.severity] > ranks[group.severity]) group.severity = event.severity
  group.events = [...group.events, line(event)].slice(-maxEvents)
}

const line = ({ eventId, type, at, severity, summary, correlationId }: StoredEvent): Group['events'][number] => ({
  ...{ eventId, type, at, severity, correlationId },
  summary: summary.slice(0, 240),
})

/** The message whose turn it is. One that was tried comes first, so that messages stay in order. */
export const firstGroup = ({ groups }: Pick<WebhookRecord, 'groups'>): Group | undefined =>
  groups.find(({ attempts }) => attempts > 0) ?? groups.toSorted((a, b) => a.dueAt - b.dueAt)[0]

/** Epoch milliseconds of the next try; null when nothing waits. */
export function nextTryAt(record: WebhookRecord): number | null {
  const group = firstGroup(record)
  return group ? Math.max(group.dueAt, record.nextTryAt) : null
}
