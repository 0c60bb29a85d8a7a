/** Checks a posted event and takes severity, module, correlation id and summary from its payload and metadata. */
import type { ValidationIssue } from '../../../errors/gateway-error.ts'
import { isSafeCorrelationId } from '../../../lib/ids.ts'
import type { NewEvent } from '../../../ports/index.ts'
import { eventIssues } from './canonical.ts'
import { severityOf } from './kinds.ts'

/** As it was posted over HTTP or sent over a socket. */
export interface PostedEvent {
  source: string
  type: string
  payload: Record<string, unknown>
  metadata?: Record<string, unknown> | null
}

export interface Posted {
  at: number
  /** The request's own; null when the caller sent none. */
  correlationId: string | null
}

/** The event, or all of its issues. */
export function newEvent(posted: PostedEvent, { at, correlationId }: Posted): NewEvent | ValidationIssue[] {
  const { source, type, payload } = posted
  const metadata = posted.metadata ?? {}
  const issues = eventIssues({ source, type, payload, metadata, timestamp: at })
  if (issues.length > 0) return issues
  const sources = [payload, metadata]
  return {
    source,
    type,
    payload: withMetadata(payload, metadata),
    severity: severityOf(firstText(sources, ['severity', 'level']) ?? '') ?? 'info',
    module: line(firstText(sources, ['module']) ?? source, 64),
    correlationId: correlationOf(sources) ?? correlationId,
    summary: line(firstText([payload], summaries) ?? `${type} from ${source}`, 240),
  }
}

const summaries = ['summary', 'message', 'reason', 'title', 'action']

const withMetadata = (payload: NewEvent['payload'], metadata: NewEvent['payload']) =>
  Object.keys(metadata).length === 0 || Object.hasOwn(payload, 'metadata') ? payload : { ...payload, metadata }

function firstText(objects: readonly Record<string, unknown>[], names: readonly string[]): string | undefined {
  for (const object of objects)
    for (const name of names) {
      const value = Object.hasOwn(object, name) ? object[name] : undefined
      if (typeof value === 'string' && value.trim() !== '') return value
    }
  return undefined
}

function correlationOf(sources: readonly Record<string, unknown>[]): string | undefined {
  const id = firstText(sources, ['correlation_id'])
  return isSafeCorrelationId(id) ? id : undefined
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern removes them
const control = /[\x00-\x1f\x7f]+/g

/** One line of well-formed text. */
const line = (text: string, maxLength: number): string =>
  text.slice(0, maxLength).toWellFormed().replaceAll(control, ' ').trim()
