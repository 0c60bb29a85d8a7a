/** The query of /ws, and the ticket for it. */
import * as v from 'valibot'
import { QueryInteger } from '../../lib/query-integer.ts'
import { filterEntries } from '../../modules/events/stream/filter.ts'

export const SocketQuery = v.object({
  /** Without `type` a socket gets the canonical types; `*` is every type. */
  ...filterEntries,
  client_id: v.optional(
    v.pipe(v.string(), v.regex(/^[\w.:@-]{1,64}$/, 'Expected 1 to 64 letters, digits or any of _ . : @ -')),
    'anonymous',
  ),
  /** The `stream_id` to resume after. */
  since: v.optional(QueryInteger(0, Number.MAX_SAFE_INTEGER)),
  /** The guard reads it. */
  token: v.optional(v.pipe(v.string(), v.description('A ticket, for browsers, which cannot send headers'))),
})

export const SocketHeaders = v.object({
  'Sec-WebSocket-Protocol': v.optional(v.pipe(v.string(), v.description('vx11.events, and vx11.ticket.<ws_token>'))),
})
export type SocketQuery = v.InferOutput<typeof SocketQuery>

export const SocketTicket = v.object({
  ws_token: v.string(),
  ttl_seconds: v.number(),
  /** The same, by the names of v7. */
  ttl_sec: v.number(),
  expires_in_sec: v.number(),
  endpoint: v.string(),
  usage: v.string(),
})
