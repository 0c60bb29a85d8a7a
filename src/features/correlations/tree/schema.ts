/** What GET /operator/api/correlations and …/{id} take and give. */
import * as v from 'valibot'
import { IdCursor, Next } from '../../../lib/list-cursor.ts'
import { QueryInteger } from '../../../lib/query-integer.ts'
import { decisionCodes } from '../../../modules/timeline/decisions.ts'

const NullableText = v.nullable(v.string())
const NullableNumber = v.nullable(v.number())

export const CorrelationsQuery = v.object({
  /** `slow`: from VX11_TIMELINE_SLOW_MS on. */
  show: v.optional(v.picklist(['recent', 'failed', 'slow']), 'recent'),
  /** Records; several may be of one correlation. */
  limit: v.optional(QueryInteger(1, 200), '50'),
  cursor: v.optional(IdCursor),
})
export type CorrelationsQuery = v.InferOutput<typeof CorrelationsQuery>

/** The worst of what was recorded; null where nothing says. */
const Verdict = v.nullable(v.picklist(['failed', 'refused', 'cancelled', 'slow', 'ok']))
const Decided = v.object({
  code: v.picklist(decisionCodes),
  values: v.record(v.string(), v.union([v.string(), v.number()])),
})

const kinds = ['request', 'chat', 'window', 'routing'] as const

export const CorrelationList = v.object({
  /** By their newest record, which `at`, `kind`, `name`, `target`, `status`, `principal` and `duration_ms` are of. */
  correlations: v.array(
    v.object({
      id: v.string(),
      at: NullableText,
      kind: v.picklist(kinds),
      name: v.string(),
      target: v.string(),
      status: NullableNumber,
      principal: NullableText,
      duration_ms: NullableNumber,
      outcome: Verdict,
      /** Records of it on this page. */
      records: v.number(),
    }),
  ),
  next: Next,
  slow_ms: v.number(),
  correlation_id: v.string(),
})
export type CorrelationList = v.InferOutput<typeof CorrelationList>

export const TreeNode = v.object({
  id: v.string(),
  /** The node that it belongs to, which stands before it; null at the top. */
  parent: NullableText,
  depth: v.number(),
  /** A step is a try of a request or a provider of a chat. */
  kind: v.picklist([...kinds, 'step', 'event']),
  /** Method and route, provider, act or type. */
  name: v.string(),
  target: NullableText,
  /** After `started_at`; null where the stored text is no time. */
  start_ms: NullableNumber,
  /** To the status line; null for a moment. */
  duration_ms: NullableNumber,
  principal: NullableText,
  outcome: v.nullable(v.picklist(['ok', 'refused', 'cancelled', 'failed', 'skipped'])),
  status: NullableNumber,
  /** An error code, or a word for how a step failed. */
  error: NullableText,
  /** What the gateway decided; an event's summary. */
  decision: NullableText,
  /** The same as codes with values; empty where only words are known. */
  decisions: v.array(Decided),
  /** The stream id of an event. */
  event_id: NullableNumber,
  /** Of an event. */
  severity: NullableText,
})
export type TreeNode = v.InferOutput<typeof TreeNode>

/** `why` for programs: the node that decided how it went, and how many ended alike. */
const Because = v.object({
  code: v.picklist(['failed', 'refused', 'cancelled', 'slow', 'all_well', 'nothing_recorded']),
  /** Its tries are the steps below it; null where nothing is recorded. */
  node: NullableText,
  others: v.number(),
})

export const Correlation = v.object({
  /** As it was asked for: a correlation id, or a W3C trace id. */
  id: v.string(),
  /** What was found under which ids: those that callers sent beside the trace id, too. */
  correlation_ids: v.array(v.string()),
  /** The traces that callers named beside the correlation id. */
  trace_ids: v.array(v.string()),
  started_at: NullableText,
  duration_ms: NullableNumber,
  outcome: Verdict,
  /** How it went, and why, in one sentence. */
  why: v.string(),
  because: Because,
  /** In the order of a waterfall. */
  nodes: v.array(TreeNode),
  /** There are more than one answer holds; the newest were taken. */
  truncated: v.boolean(),
})
export type Correlation = v.InferOutput<typeof Correlation>
