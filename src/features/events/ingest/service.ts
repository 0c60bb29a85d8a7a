/** Ingests one event, or up to a thousand with a result for each. Answers after the commit. */
import * as v from 'valibot'
import type { ParsedText } from '../../../errors/foreign-json.ts'
import { GatewayError, type ValidationIssue } from '../../../errors/gateway-error.ts'
import { schemaIssues } from '../../../errors/schema-issues.ts'
import { isCanonical } from '../../../modules/events/shape/canonical.ts'
import { newEvent, type Posted } from '../../../modules/events/shape/new-event.ts'
import type { AppendOnce, Deps, NewEvent, StoredEvent } from '../../../ports/index.ts'
import { type BatchResult, IngestEvent, type Received, type Rejected } from '../schema.ts'

type IngestDeps = Pick<Deps, 'events'>

export async function ingestOne(deps: IngestDeps, json: unknown, posted: Posted, once?: AppendOnce): Promise<Received> {
  const parsed = v.safeParse(IngestEvent, json)
  if (!parsed.success) throw new GatewayError('validation_error', { issues: issuesIn(parsed.issues) })
  const event = newEvent(parsed.output, posted)
  if (Array.isArray(event)) throw new GatewayError('event_rejected', { issues: event, asRejection: true })
  const [stored] = await deps.events.append([event], once)
  if (!stored) throw new GatewayError('events_unavailable')
  return received(stored)
}

export async function ingestBatch(
  deps: IngestDeps,
  items: readonly ParsedText[],
  posted: Posted,
  once?: AppendOnce,
): Promise<BatchResult> {
  const checked = items.map((item) => checkItem(item, posted))
  const valid = checked.filter((item) => 'event' in item)
  const events = valid.map(({ event }) => event)
  const stored = await deps.events.append(events, once)
  // Retention has deleted events of the repeated request.
  if (stored.length < valid.length) throw new GatewayError('events_unavailable')
  const answers = stored.values()
  const results = checked.map((item) => ('event' in item ? received(answers.next().value as StoredEvent) : item))
  const rejected = checked.length - valid.length
  const status = rejected === 0 ? 'received' : valid.length === 0 ? 'rejected' : 'partly_received'
  return { status, received: valid.length, rejected, results }
}

function checkItem(item: ParsedText, posted: Posted): { event: NewEvent } | Rejected {
  if ('issue' in item) return rejected(item.issue.type, [item.issue])
  const parsed = v.safeParse(IngestEvent, item.json)
  if (!parsed.success) return rejected('validation_error', issuesIn(parsed.issues))
  const event = newEvent(parsed.output, posted)
  return Array.isArray(event) ? rejected('schema_validation_failed', event) : { event }
}

const rejected = (reason: string, issues: readonly ValidationIssue[]): Rejected => ({
  status: 'rejected',
  reason,
  detail: issues.map(({ loc, msg, type }) => ({ loc: [...loc], msg, type })),
})

const received = ({ eventId, id, source, type }: StoredEvent): Received => ({
  status: 'received',
  event_id: eventId,
  stream_id: id,
  source,
  type,
  canonical: isCanonical(type),
  broadcast: isCanonical(type),
})

const maxIssues = 5

const issuesIn = (issues: readonly v.BaseIssue<unknown>[]) => schemaIssues(issues, 'body', maxIssues)
