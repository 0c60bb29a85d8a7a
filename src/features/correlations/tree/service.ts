/** Reads the tree of one correlation, and the lists of recent, failed and slow ones. */
import { type DatabaseTimeoutDeps, onDatabase } from '../../../db/database-timeout.ts'
import { GatewayError } from '../../../errors/gateway-error.ts'
import { isoMomentOrNull } from '../../../lib/moment-forms.ts'
import type { StoredWork } from '../../../modules/timeline/work-rows.ts'
import type { Deps } from '../../../ports/index.ts'
import { findCorrelation } from '../store/correlation.ts'
import type { Reader } from '../store/reader.ts'
import { listWork } from '../store/work-list.ts'
import { nodesOf, type SpanNode } from './nodes.ts'
import { inTreeOrder } from './order.ts'
import type { Correlation, CorrelationList, CorrelationsQuery, TreeNode } from './schema.ts'
import { becauseOf, whyOf, worstOf } from './why.ts'

export type TreeDeps = DatabaseTimeoutDeps & Pick<Deps, 'config'>

/** Rejects with correlation_not_found, also where there is only what others own. */
export async function readCorrelation(deps: TreeDeps, id: string, reader: Reader): Promise<Correlation> {
  const { slowMs } = deps.config.timeline
  const { work, events } = await onDatabase(deps, (db) => findCorrelation(db, reader, id, { followsTraces: true }))
  const { nodes, truncated } = inTreeOrder(nodesOf(work.rows, events.rows))
  if (nodes.length === 0) throw new GatewayError('correlation_not_found')
  const [from, to] = stretchOf(nodes)
  return {
    ...{ id, correlation_ids: idsOf(id, [...work.rows, ...events.rows]) },
    trace_ids: [...new Set(work.rows.flatMap(({ traceId }) => traceId ?? []))],
    ...{ started_at: isoMomentOrNull(from), duration_ms: from === null || to === null ? null : to - from },
    ...{ outcome: worstOf(nodes, slowMs), why: whyOf(nodes, slowMs), because: becauseOf(nodes, slowMs) },
    nodes: nodes.map((node) => described(node, from)),
    truncated: truncated || !work.complete || !events.complete,
  }
}

/** The one that was asked for comes first. */
function idsOf(id: string, found: readonly { correlationId: string }[]): string[] {
  const ids = new Set(found.map(({ correlationId }) => correlationId))
  return ids.delete(id) ? [id, ...ids] : [...ids]
}

function stretchOf(nodes: readonly SpanNode[]): [number | null, number | null] {
  const timed = nodes.flatMap(({ startMs, durationMs }) =>
    startMs === null ? [] : [[startMs, startMs + (durationMs ?? 0)]],
  )
  if (timed.length === 0) return [null, null]
  return [Math.min(...timed.map(([start = 0]) => start)), Math.max(...timed.map(([, end = 0]) => end))]
}

function described(node: SpanNode & { depth: number }, from: number | null): TreeNode {
  const { id, parent, depth, kind, name, target, startMs, durationMs, principal, outcome, status, error } = node
  const start_ms = startMs === null || from === null ? null : Math.round((startMs - from) * 100) / 100
  return {
    ...{ id, parent, depth, kind, name, target, start_ms, duration_ms: durationMs, principal, outcome, status, error },
    ...{ decision: node.decision, decisions: node.decisions.map((each) => ({ ...each, values: { ...each.values } })) },
    ...{ event_id: node.eventId, severity: node.severity },
  }
}

export async function listCorrelations(
  deps: TreeDeps,
  { show, limit, cursor }: CorrelationsQuery,
  reader: Reader,
): Promise<Omit<CorrelationList, 'correlation_id'>> {
  const { slowMs } = deps.config.timeline
  const { rows, next } = await onDatabase(deps, (db) => listWork(db, reader, { show, limit, before: cursor, slowMs }))
  const groups = [...Map.groupBy(rows, ({ correlationId }) => correlationId)]
  return {
    correlations: groups.flatMap(([id, work]) => summary(id, work, slowMs)),
    next: next === null ? null : String(next),
    slow_ms: slowMs,
  }
}

/** Of what this page holds, by its newest. */
function summary(id: string, work: readonly StoredWork[], slowMs: number): CorrelationList['correlations'] {
  const [newest] = work
  if (!newest) return []
  const { at, kind, name, target, status, principal, durationMs } = newest
  const outcome = worstOf(nodesOf(work, []), slowMs)
  return [
    {
      ...{ id, at: isoMomentOrNull(at), kind, name, target, status, principal, outcome },
      ...{ duration_ms: durationMs, records: work.length },
    },
  ]
}
