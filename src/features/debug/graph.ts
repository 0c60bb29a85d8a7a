/** The graph of related events: by system.correlation.updated, or by equal correlation ids (contract Q-18). */
import { toDouble } from '../../lib/exact-json.ts'
import type { StoredEvent } from '../../ports/index.ts'
import { natureOf } from './nature.ts'
import type { CorrelationEdge, CorrelationNode } from './schema.ts'

/** Per event. */
const maxRelated = 100

/** `events` oldest first: a later event with the same id replaces the earlier, as in v7. */
export function correlationGraph(events: readonly StoredEvent[]): {
  nodes: CorrelationNode[]
  edges: CorrelationEdge[]
} {
  const nodes = new Map<string, CorrelationNode>()
  for (const event of events) {
    const node = nodeOf(event)
    nodes.delete(node.id)
    nodes.set(node.id, node)
  }
  const isKnown = ({ from, to }: CorrelationEdge) => nodes.has(from) && nodes.has(to) && from !== to
  const edges = [...events.flatMap(statedEdges), ...correlationEdges([...nodes.values()])].filter(isKnown)
  return { nodes: [...nodes.values()], edges: withoutRepeats(edges) }
}

/** True for an event that becomes a node. */
export const isInGraph = ({ type, correlationId }: StoredEvent): boolean =>
  correlationId !== null || natureOf(type) !== null

const ownIds = ['alert_id', 'decision_id', 'snapshot_id'] as const
const members = [...ownIds, 'correlation_id', 'severity', 'related_events', 'strength']

/** Without what no node or edge shows: payloads of all of them at once would be megabytes. */
export const forGraph = (event: StoredEvent): StoredEvent => ({
  ...event,
  payload: Object.fromEntries(members.map((name) => [name, event.payload[name]])),
})

function nodeOf({ payload, eventId, type, at, severity, correlationId }: StoredEvent): CorrelationNode {
  const names = type === correlationType ? [...ownIds, 'correlation_id'] : ownIds
  return {
    id: names.map((name) => text(payload[name])).find((id) => id !== null) ?? eventId,
    event_id: eventId,
    type,
    timestamp: at,
    severity: text(payload.severity) ?? severity,
    nature: natureOf(type),
    correlation_id: correlationId,
  }
}

const correlationType = 'system.correlation.updated'

function statedEdges(event: StoredEvent): CorrelationEdge[] {
  const { related_events: related, strength } = event.payload
  if (event.type !== correlationType || !Array.isArray(related)) return []
  const from = nodeOf(event).id
  return related
    .slice(0, maxRelated)
    .filter((to) => typeof to === 'string')
    .map((to) => ({ from, to, kind: 'related', strength: numberIn(strength) }))
}

/** Links the events of each correlation id in order. */
function correlationEdges(nodes: readonly CorrelationNode[]): CorrelationEdge[] {
  const groups = Map.groupBy(
    nodes.filter((node) => node.correlation_id !== null),
    (node) => node.correlation_id,
  )
  return [...groups.values()].flatMap((group) =>
    group.slice(1).map(({ id }, index) => ({
      from: group[index]?.id ?? id,
      to: id,
      kind: 'same_correlation' as const,
      strength: null,
    })),
  )
}

/** The last edge between two nodes wins. */
function withoutRepeats(edges: readonly CorrelationEdge[]): CorrelationEdge[] {
  const byEnds = new Map(edges.map((edge) => [JSON.stringify([edge.kind, edge.from, edge.to]), edge]))
  return [...byEnds.values()]
}

const numberIn = (value: unknown): number | null => {
  const number = toDouble(value)
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
