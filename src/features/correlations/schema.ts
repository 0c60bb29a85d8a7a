/** The timeline of one correlation id, gathered from every table that records it. */
import * as v from 'valibot'

const at = v.nullable(v.string())

export const TimelineEntry = v.variant('kind', [
  v.object({
    kind: v.literal('event'),
    /** ISO 8601; null where the stored text is not a time. */
    at,
    event_id: v.string(),
    stream_id: v.number(),
    type: v.string(),
    source: v.string(),
    severity: v.string(),
    module: v.nullable(v.string()),
    summary: v.string(),
    /** Who acted, as the event names it. */
    principal: v.nullable(v.string()),
  }),
  v.object({
    kind: v.literal('chat'),
    at,
    /** Null, like `session_id`, for another principal's conversation; scope admin sees all. */
    message_id: v.nullable(v.number()),
    session_id: v.nullable(v.string()),
    role: v.string(),
    /** The text itself is at GET /operator/session/{id}, for the session's owner. */
    characters: v.number(),
  }),
  v.object({
    kind: v.literal('request'),
    at,
    upstream: v.string(),
    /** Method, route, status and duration. */
    summary: v.string(),
  }),
  v.object({
    kind: v.literal('routing'),
    at,
    /** cli, local_model, intent_delegation or provider_call. */
    route_type: v.string(),
    provider: v.string(),
    summary: v.nullable(v.string()),
  }),
  v.object({
    kind: v.literal('window'),
    at,
    module: v.string(),
    action: v.string(),
    summary: v.nullable(v.string()),
    /** Who opened, extended or closed it; null for a deadline, or where no event names it. */
    principal: v.nullable(v.string()),
  }),
])
export type TimelineEntry = v.InferOutput<typeof TimelineEntry>

/** Whether the whole source was searched. */
const Searched = v.object({ found: v.number(), complete: v.boolean() })

export const Timeline = v.object({
  correlation_id: v.string(),
  /** Oldest first; only the newest when there are too many. */
  entries: v.array(TimelineEntry),
  searched: v.object({ events: Searched, chat: Searched, routing: Searched, windows: Searched }),
})
export type Timeline = v.InferOutput<typeof Timeline>
