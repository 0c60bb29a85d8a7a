/** Takes events in: one, or up to a thousand at once, each with an answer of its own. Nothing is answered unstored. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import * as v from 'valibot'
import { GatewayError, type ValidationIssue } from '../../errors.ts'
import { isCanonical } from '../../events/canonical.ts'
import type { AppendOnce, Deps, NewEvent, StoredEvent } from '../../ports.ts'
import { newEvent, type Posted } from './new-event.ts'
import { type BatchResult, IngestEvent, type Received, type Rejected } from './schema.ts'

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

export const mostItems = 1000

export async function ingestBatch(
  deps: IngestDeps,
  items: readonly unknown[],
  posted: Posted,
  once?: AppendOnce,
): Promise<BatchResult> {
  const checked = items.map((item) => checkItem(item, posted))
  const valid = checked.filter((item) => 'event' in item)
  const stored =
    valid.length > 0
      ? await deps.events.append(
          valid.map(({ event }) => event),
          once,
        )
      : []
  let next = 0
  const results = checked.map((item) => ('event' in item ? received(stored[next++] ?? gone(item.event)) : item))
  const rejected = checked.length - valid.length
  const status = rejected === 0 ? 'received' : valid.length === 0 ? 'rejected' : 'partly_received'
  return { status, received: valid.length, rejected, results }
}

/** A repeated request whose events retention has taken since. */
const gone = (event: NewEvent): Omit<StoredEvent, 'at'> => ({ ...event, id: 0, eventId: '' })

function checkItem(item: unknown, posted: Posted): { event: NewEvent } | Rejected {
  if (item === notJson)
    return rejected('json_invalid', [{ loc: ['body'], msg: 'Malformed JSON', type: 'json_invalid' }])
  const parsed = v.safeParse(IngestEvent, item)
  if (!parsed.success) return rejected('validation_error', issuesIn(parsed.issues))
  const event = newEvent(parsed.output, posted)
  return Array.isArray(event) ? rejected('schema_validation_failed', event) : { event }
}

const rejected = (reason: string, issues: readonly ValidationIssue[]): Rejected => ({
  status: 'rejected',
  reason,
  detail: issues.map(({ loc, msg, type }) => ({ loc: [...loc], msg, type })),
})

const received = ({ eventId, id, source, type }: Omit<StoredEvent, 'at'>): Received => ({
  status: 'received',
  event_id: eventId,
  stream_id: id,
  source,
  type,
  canonical: isCanonical(type),
  broadcast: isCanonical(type),
})

const mostIssues = 5

const issuesIn = (issues: readonly v.BaseIssue<unknown>[]): ValidationIssue[] =>
  issues.slice(0, mostIssues).map(({ path, type, expected }) => ({
    loc: ['body', ...(path ?? []).map(({ key }) => key as string | number)],
    msg: expected === null ? 'Invalid value' : `Expected ${expected}`,
    type,
  }))

/** What stands for a line that is no JSON. */
const notJson = Symbol('no JSON')

/** A JSON list, or one JSON value to a line. Throws validation_error for more items than allowed, and for none. */
export function readItems(text: string): unknown[] {
  const items = text.trimStart().startsWith('[') ? parseList(text) : text.split('\n').filter(hasText).map(parseLine)
  if (items.length >= 1 && items.length <= mostItems) return items
  throw invalid(`Expected 1 to ${mostItems} events`, 'length')
}

const hasText = (line: string) => line.trim() !== ''

function parseList(text: string): unknown[] {
  const items = parseLine(text)
  if (!Array.isArray(items)) throw invalid('Malformed JSON', 'json_invalid')
  return items
}

export function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return notJson
  }
}

export const invalid = (msg: string, type: string) =>
  new GatewayError('validation_error', { issues: [{ loc: ['body'], msg, type }] })

/** What a body that is no JSON at all is answered with. */
export function parseBody(text: string): unknown {
  const json = parseLine(text)
  if (json === notJson) throw invalid('Malformed JSON', 'json_invalid')
  return json
}

/** An Idempotency-Key is its principal's own, and stands for one body at one path. */
export function appendOnce(
  key: string | undefined,
  principal: string,
  path: string,
  text: string,
): AppendOnce | undefined {
  if (key === undefined) return undefined
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    const issue = {
      loc: ['header', 'Idempotency-Key'],
      msg: 'Expected 1 to 255 visible ASCII characters',
      type: 'regex',
    }
    throw new GatewayError('validation_error', { issues: [issue] })
  }
  return { key: digest(`${principal}\n${key}`), request: digest(`${path}\n${text}`) }
}

const digest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))
