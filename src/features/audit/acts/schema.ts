/** What GET /operator/api/audit/acts takes and gives. */
import * as v from 'valibot'
import { IdCursor, Next } from '../../../lib/list-cursor.ts'
import { parseMoment } from '../../../lib/moment.ts'
import { QueryInteger } from '../../../lib/query-integer.ts'
import { actNames, outcomes } from '../../../modules/audit/act.ts'

const Text = v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200)))
const Moment = v.optional(
  v.pipe(
    v.string(),
    v.maxLength(64),
    v.metadata({ asSent: { type: 'string', format: 'date-time' } }),
    v.transform(parseMoment),
    v.number('Expected an ISO time, in UTC or with its zone'),
  ),
)

export const ActsQuery = v.object({
  /** The principal, or the name of its key. */
  principal: Text,
  /** `window.open`, or `window` for all that begin like this. */
  act: v.optional(
    v.pipe(v.string(), v.regex(/^[a-z_]{1,32}(\.[a-z_]{1,32})?$/, 'Expected the name of an act, or its beginning')),
  ),
  /** A part of the target. */
  target: Text,
  outcome: v.optional(v.picklist(outcomes)),
  address: Text,
  correlation_id: Text,
  since: Moment,
  until: Moment,
  limit: v.optional(QueryInteger(1, 200), '50'),
  cursor: v.optional(IdCursor),
})
export type ActsQuery = v.InferOutput<typeof ActsQuery>

const NullableText = v.nullable(v.string())

/** The line as it is stored. */
export const ActLine = v.object({
  act: v.picklist(actNames),
  target: NullableText,
  outcome: v.picklist(outcomes),
  /** The error code; null for an act that was done. */
  error: NullableText,
  /** Null for a caller that is not known. */
  principal: NullableText,
  /** The name of its key, if it has one. */
  key_name: NullableText,
  address: v.string(),
  before: v.unknown(),
  after: v.unknown(),
  /** Further refusals alike that were left out before this one. */
  repeated: v.optional(v.number()),
  correlation_id: v.string(),
})

export const RecordedAct = v.object({ id: v.number(), at: NullableText, ...ActLine.entries })
export type RecordedAct = v.InferOutput<typeof RecordedAct>

export const ActList = v.object({
  /** The newest first. A page can be empty and have a next. */
  acts: v.array(RecordedAct),
  next: Next,
  degraded: v.boolean(),
  error: v.optional(v.literal('database_unavailable')),
  correlation_id: v.string(),
})
export type ActList = v.InferOutput<typeof ActList>
