/** The rows of `routing_events` that recorded work becomes, and what such a row says. */
import { isObject } from '../../lib/json-object.ts'
import { parseJson } from '../../lib/json-text.ts'
import { parseMoment } from '../../lib/moment.ts'
import { storedMoment } from '../../lib/moment-forms.ts'
import { parseTraceparent } from '../../lib/trace-context.ts'
import type { RecordedOutcome, RecordedStep, RecordedWork } from '../../ports/index.ts'
import { decisionCells, decisionText, storedDecisions } from './decisions.ts'
import { outcomeOfStatus } from './outcome.ts'

/** The route types of the gateway's own rows; the index on notable rows names two of them. */
export const workTypes = { plain: 'gateway', failed: 'gateway_failed', slow: 'gateway_slow' } as const
/** Leads from a trace id to the correlation id that its caller chose beside it. */
export const traceLinkType = 'gateway_trace'
/** A proxied request as version 0.2 and before wrote it: one line of text, without a principal. */
const formerType = 'proxy'

export const ownTypes: readonly string[] = [...Object.values(workTypes), traceLinkType, formerType]

/** Cells in the order of timestamp, trace_id, route_type, provider_id, score, reasoning_short. */
export type WorkRow = [at: string, id: string, type: string, target: string, durationMs: number | null, detail: string]

const [maxName, maxSteps] = [200, 16]

export function workRows(work: readonly RecordedWork[], slowMs: number): WorkRow[] {
  const rows = work.map((each) => workRow(each, slowMs))
  const links = new Map<string, WorkRow>()
  for (const each of work) {
    const link = traceLink(each)
    if (link) links.set(JSON.stringify(link.slice(1)), link)
  }
  return [...rows, ...links.values()]
}

function workRow(work: RecordedWork, slowMs: number): WorkRow {
  const { kind, at, durationMs, correlationId, traceparent, principal, target, name } = work
  const { outcome, status, error, decisions, steps } = work
  const caller = parseTraceparent(traceparent)
  const detail = {
    ...{ kind, name: name.slice(0, maxName), principal, outcome, status, error },
    ...(decisions.length > 0 && { decided: decisionCells(decisions) }),
    ...(caller && { trace: caller.traceId, parent: caller.spanId }),
    steps: steps.slice(0, maxSteps).map(stepCells),
  }
  const type = outcome === 'failed' ? workTypes.failed : durationMs >= slowMs ? workTypes.slow : workTypes.plain
  return [storedMoment(at), correlationId, type, target, rounded(durationMs), JSON.stringify(detail)]
}

const stepCells = ({ name, startMs, durationMs, outcome, spanId }: RecordedStep) => [
  ...[name, rounded(startMs), durationMs === null ? null : rounded(durationMs), outcome],
  ...(spanId === undefined ? [] : [spanId]),
]

const rounded = (ms: number) => Math.round(ms * 100) / 100

function traceLink({ at, correlationId, traceparent, principal }: RecordedWork): WorkRow | null {
  const caller = parseTraceparent(traceparent)
  if (!caller || caller.traceId === correlationId) return null
  const detail = JSON.stringify({ kind: 'trace', principal })
  return [storedMoment(at), caller.traceId, traceLinkType, correlationId, null, detail]
}

export interface StoredRow {
  id: number
  timestamp: string | null
  trace_id: string
  route_type: string
  provider_id: string
  score: number | null
  reasoning_short: string | null
}

/** Recorded work as it was read; what is not in the expected form is null or left out. */
export interface StoredWork extends Omit<RecordedWork, 'kind' | 'at' | 'outcome' | 'traceparent' | 'durationMs'> {
  id: number
  kind: RecordedWork['kind'] | 'routing'
  /** Its end; null where the stored text is no time. */
  at: number | null
  durationMs: number | null
  outcome: RecordedOutcome | null
  /** In words: of `decisions`, or as another part of VX11 or an earlier version wrote it. */
  decision: string | null
  traceId: string | null
  parentId: string | null
}

export function storedWork(row: StoredRow): StoredWork {
  const { id, route_type: type, trace_id: correlationId, provider_id: target } = row
  const known = { id, correlationId, target, at: parseMoment(row.timestamp ?? ''), ...nothing }
  if (type === formerType) return { ...known, ...formerWork(row.reasoning_short ?? '') }
  const detail = ownTypes.includes(type) ? parseJson(row.reasoning_short ?? '') : undefined
  if (!isObject(detail)) return { ...known, name: type, decision: row.reasoning_short }
  const decisions = storedDecisions(detail.decided)
  return {
    ...{ ...known, kind: kinds.find((kind) => kind === detail.kind) ?? 'routing', name: text(detail.name) ?? type },
    ...{ durationMs: amount(row.score), principal: text(detail.principal), error: text(detail.error) },
    ...{ outcome: outcomes.find((outcome) => outcome === detail.outcome) ?? null, status: amount(detail.status) },
    ...{ decisions, decision: decisionText(decisions) ?? text(detail.decision) },
    ...{ traceId: text(detail.trace), parentId: text(detail.parent) },
    steps: Array.isArray(detail.steps) ? detail.steps.slice(0, maxSteps).flatMap(storedStep) : [],
  }
}

const nothing = {
  ...{ kind: 'routing', durationMs: null, principal: null, outcome: null, status: null, error: null },
  ...{ decisions: [], decision: null, traceId: null, parentId: null, steps: [] },
} satisfies Partial<StoredWork>

const kinds = ['request', 'chat', 'window'] as const
const outcomes = ['ok', 'refused', 'cancelled', 'failed'] as const

function storedStep(cells: unknown): RecordedStep[] {
  if (!Array.isArray(cells)) return []
  const [name, startMs, durationMs, outcome, spanId] = cells as unknown[]
  if (typeof name !== 'string' || typeof startMs !== 'number') return []
  if (typeof outcome !== 'number' && typeof outcome !== 'string') return []
  return [{ name, startMs, durationMs: amount(durationMs), outcome, ...(typeof spanId === 'string' && { spanId }) }]
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const amount = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/** `GET /shub/* 200 13 ms` */
function formerWork(line: string): Partial<StoredWork> & { kind: 'request'; name: string } {
  const [, name, status, tookMs] = /^(\S+ \S+) (\d{3}) (\d+) ms$/.exec(line) ?? []
  if (name === undefined) return { kind: 'request', name: line }
  return {
    kind: 'request',
    name,
    status: Number(status),
    durationMs: Number(tookMs),
    outcome: outcomeOfStatus(Number(status)),
  }
}
