/** Answers of the debug views (contract G10, G11, Q-17, Q-18). */
import * as v from 'valibot'

export const Cardinality = v.object({
  status: v.literal('ok'),
  /** Epoch milliseconds. */
  timestamp: v.number(),
  /** 60, or less when there were too many events to count the whole minute. */
  window_seconds: v.number(),
  /** The most frequent types. */
  events: v.record(v.string(), v.object({ count: v.number(), rate_per_min: v.number() })),
  total_events: v.number(),
  /** The types that are not listed, and their events. */
  other_types: v.object({ types: v.number(), count: v.number() }),
})
export type Cardinality = v.InferOutput<typeof Cardinality>

export const CorrelationNode = v.object({
  /** The id of the alert, decision, snapshot or correlation, else the event's. */
  id: v.string(),
  event_id: v.string(),
  type: v.string(),
  /** Epoch milliseconds, by the gateway's clock. */
  timestamp: v.number(),
  /** The sender's word, else the stored severity. */
  severity: v.string(),
  /** Null for a type that is not canonical. */
  nature: v.nullable(v.string()),
  correlation_id: v.nullable(v.string()),
})
export type CorrelationNode = v.InferOutput<typeof CorrelationNode>

export const CorrelationEdge = v.object({
  from: v.string(),
  to: v.string(),
  /** `related`: from system.correlation.updated; `same_correlation`: the next event with the same correlation id. */
  kind: v.picklist(['related', 'same_correlation']),
  /** As the sender stated it; null otherwise. */
  strength: v.nullable(v.number()),
})
export type CorrelationEdge = v.InferOutput<typeof CorrelationEdge>

export const CorrelationGraph = v.object({
  status: v.literal('ok'),
  timestamp: v.number(),
  window_seconds: v.number(),
  graph: v.object({
    nodes: v.array(CorrelationNode),
    edges: v.array(CorrelationEdge),
    total_nodes: v.number(),
    total_edges: v.number(),
  }),
  /** The window has more nodes than the graph shows. */
  truncated: v.boolean(),
})
export type CorrelationGraph = v.InferOutput<typeof CorrelationGraph>
