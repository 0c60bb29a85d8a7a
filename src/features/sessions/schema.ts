/** What the routes of conversations take and give; reading has v7's shape (contract O16). */
import * as v from 'valibot'
import { IdCursor, Next } from '../../lib/list-cursor.ts'
import { QueryInteger } from '../../lib/query-integer.ts'

export const SessionSummary = v.object({
  session_id: v.string(),
  title: v.nullable(v.string()),
  created_at: v.nullable(v.string()),
  updated_at: v.nullable(v.string()),
  message_count: v.number(),
})
export type SessionSummary = v.InferOutput<typeof SessionSummary>

export const SessionListQuery = v.object({
  limit: v.optional(QueryInteger(1, 200), '50'),
  /** The `next_before` of an earlier page. */
  before: v.optional(QueryInteger(1, Number.MAX_SAFE_INTEGER)),
  cursor: v.optional(IdCursor),
})

export const SessionList = v.object({
  sessions: v.array(SessionSummary),
  /** The same as `next`, for the parameter `before`. */
  next_before: v.nullable(v.number()),
  next: Next,
  correlation_id: v.string(),
})
export type SessionList = v.InferOutput<typeof SessionList>

export const SessionMessage = v.object({
  /** `msg_` and hexadecimal digits. */
  message_id: v.string(),
  role: v.string(),
  content: v.string(),
  timestamp: v.nullable(v.string()),
  /** Of an answer: its envelope without the words. */
  metadata: v.record(v.string(), v.unknown()),
})
export type SessionMessage = v.InferOutput<typeof SessionMessage>

export const Session = v.object({
  session_id: v.string(),
  /** The principal. */
  user_id: v.string(),
  title: v.nullable(v.string()),
  created_at: v.nullable(v.string()),
  updated_at: v.nullable(v.string()),
  message_count: v.number(),
  /** The latest, oldest first. */
  messages: v.array(SessionMessage),
  /** Whether there are older ones; an export has all. */
  has_more: v.boolean(),
  /** Leads to the older ones. */
  next: Next,
  summary: v.string(),
})
export type Session = v.InferOutput<typeof Session>

export const ReadQuery = v.object({
  limit: v.optional(QueryInteger(1, 1000), '200'),
  cursor: v.optional(IdCursor),
})
export const ExportQuery = v.object({ format: v.optional(v.picklist(['markdown', 'json']), 'markdown') })

// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern excludes them
const oneLine = /^[^\x00-\x1f\x7f-\x9f]{1,120}$/u

export const Rename = v.object({
  title: v.pipe(v.string(), v.trim(), v.regex(oneLine, 'Expected 1 to 120 characters in one line')),
})
export const Renamed = SessionSummary

export const Deleted = v.object({ session_id: v.string(), deleted: v.literal(true), messages_deleted: v.number() })
