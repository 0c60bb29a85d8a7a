/** Recorded work, its steps and events as the nodes of one tree, each below what caused it. */

import type { StoredWork } from '../../../modules/timeline/work-rows.ts'
import type { RecordedDecision, RecordedOutcome, RecordedStep } from '../../../ports/index.ts'
import type { FoundEvent } from '../store/events.ts'

export interface SpanNode {
  id: string
  parent: string | null
  kind: StoredWork['kind'] | 'step' | 'event'
  name: string
  target: string | null
  /** Epoch milliseconds; null where the stored text is no time. */
  startMs: number | null
  /** Null for a moment, or where nobody measured it. */
  durationMs: number | null
  principal: string | null
  outcome: RecordedOutcome | 'skipped' | null
  status: number | null
  error: string | null
  decision: string | null
  decisions: readonly RecordedDecision[]
  eventId: number | null
  severity: string | null
}

/** Both come newest first. */
export function nodesOf(work: readonly StoredWork[], events: readonly FoundEvent[]): SpanNode[] {
  const told = work.some(({ kind }) => kind === 'chat') ? work.filter((each) => !isAttempt(each)) : work
  const nodes = [...told.toReversed().flatMap(workNodes), ...events.toReversed().map(eventNode)]
  const spans = spanIds(work)
  const byId = new Map(nodes.map((node) => [node.id, node]))
  for (const { id, parentId } of work) {
    const parent = parentId === null ? undefined : spans.get(parentId)
    const node = byId.get(workId(id))
    if (node && parent !== undefined && !isBelow(byId, parent, node.id)) node.parent = parent
  }
  return nodes
}

/** The chat's own account of a provider, which its step tells in full. */
const isAttempt = ({ kind, name }: StoredWork) => kind === 'routing' && name === 'provider_call'

/** The try that the other side was told of as its parent. */
function spanIds(work: readonly StoredWork[]): Map<string, string> {
  const spans = new Map<string, string>()
  for (const { id, steps } of work) {
    for (const [place, { spanId }] of steps.entries()) if (spanId !== undefined) spans.set(spanId, stepId(id, place))
  }
  return spans
}

/** Callers choose what they name as their parent, so that a loop is possible. */
function isBelow(nodes: ReadonlyMap<string, SpanNode>, id: string, above: string): boolean {
  for (let at: string | null = id; at !== null; at = nodes.get(at)?.parent ?? null) if (at === above) return true
  return false
}

const workId = (id: number) => `w${id}`
const stepId = (id: number, place: number) => `w${id}.${place + 1}`

function workNodes(work: StoredWork): SpanNode[] {
  const { id, kind, name, target, at, durationMs, principal, outcome, status, error, steps } = work
  const { decision, decisions } = work
  const startMs = at === null ? null : at - (durationMs ?? 0)
  const own: SpanNode = {
    ...{ id: workId(id), parent: null, kind, name, target, startMs, durationMs, principal },
    ...{ outcome, status, error, decision, decisions, eventId: null, severity: null },
  }
  return [own, ...steps.map((step, place) => stepNode(own, step, stepId(id, place)))]
}

function stepNode(parent: SpanNode, { name, startMs, durationMs, outcome }: RecordedStep, id: string): SpanNode {
  return {
    ...{ id, parent: parent.id, kind: 'step', name, target: parent.kind === 'chat' ? name : parent.target },
    startMs: parent.startMs === null ? null : parent.startMs + startMs,
    ...{ durationMs, principal: parent.principal, outcome: stepOutcome(outcome, durationMs) },
    ...{ status: typeof outcome === 'number' ? outcome : null, error: typeof outcome === 'string' ? outcome : null },
    ...{ decision: null, decisions: [], eventId: null, severity: null },
  }
}

function stepOutcome(outcome: number | string, durationMs: number | null): SpanNode['outcome'] {
  if (durationMs === null) return 'skipped'
  if (outcome === 'answered') return 'ok'
  if (outcome === 'aborted') return 'cancelled'
  if (typeof outcome === 'string') return 'failed'
  return outcome >= 500 ? 'failed' : outcome >= 400 ? 'refused' : 'ok'
}

const eventNode = ({ id, type, source, summary, severity, at, principal }: FoundEvent): SpanNode => ({
  ...{
    id: `e${id}`,
    parent: null,
    kind: 'event',
    name: type,
    target: source,
    startMs: at,
    durationMs: null,
    principal,
  },
  outcome: severity === 'crit' ? 'failed' : null,
  ...{ status: null, error: null, decision: summary, decisions: [], eventId: id, severity },
})
