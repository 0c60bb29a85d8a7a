/** The operator's view of events: pages, the live stream, and tickets for it (contract P4, H22, H23). */
import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import type { Principal } from '../../config/principal.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { linkNext } from '../../http/answer/link-next.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { takesHeaders, takesQuery } from '../../http/routing/parameters.ts'
import { sseHeaders } from '../../lib/sse.ts'
import { filterOf } from '../../modules/events/stream/filter.ts'
import type { AppEnv, CredentialEnd, Deps, OpenStream, Principals } from '../../ports/index.ts'
import { requireEvents } from './flag.ts'
import { listEvents } from './list.ts'
import {
  EventList,
  EventsDisabled,
  EventsHeaders,
  EventsQuery,
  SseTicket,
  StreamHeaders,
  StreamQuery,
} from './schema.ts'
import { openStream, type StreamDeps } from './stream.ts'
import { sseTicket } from './tickets.ts'

type EventsDeps = StreamDeps &
  Pick<Deps, 'config' | 'openStreams' | 'ticketKeys'> & { principals: Pick<Principals, 'mayEnd' | 'untilEnded'> }

const readErrors = [...guardErrors, 'validation_error'] as const
const streamErrors = [...readErrors, 'too_many_streams', 'feature_disabled', 'database_unavailable'] as const
const stream = { 'text/event-stream': 'Events as they are stored, each with its stream id' }

export const eventRoutes = (deps: EventsDeps) => {
  const answerStream = streamAnswer(deps)
  return new Hono<AppEnv>()
    .get(
      '/',
      describe({
        id: 'listEvents',
        tag: 'Events',
        summary: 'The newest events first; with follow=true or Accept: text/event-stream the live stream',
        answers: { 200: v.union([EventList, EventsDisabled]) },
        media: stream,
        errors: streamErrors,
        lists: true,
      }),
      takesQuery(EventsQuery),
      takesHeaders(EventsHeaders),
      noStore,
      async (c) => {
        const query = c.req.valid('query')
        if (query.follow || asksForStream(c)) return answerStream(c, query)
        if (!deps.config.features.events) return c.json(disabled)
        return c.json(linkNext(c, await listEvents(deps, query)))
      },
    )
    .get(
      '/stream',
      describe({
        id: 'streamEvents',
        tag: 'Events',
        summary: 'The live stream; Last-Event-ID resumes after that event',
        media: stream,
        errors: streamErrors,
      }),
      takesQuery(StreamQuery),
      takesHeaders(StreamHeaders),
      (c) => answerStream(c, c.req.valid('query')),
    )
    .post(
      '/sse-token',
      describe({
        id: 'createSseTicket',
        tag: 'Events',
        summary: 'A ticket that opens the stream within 60 seconds, for clients that cannot send headers',
        answers: { 200: SseTicket },
        errors: [...guardErrors, 'feature_disabled', 'database_unavailable'],
      }),
      noStore,
      async (c) => {
        requireEvents(deps)
        return c.json(await sseTicket(deps, principalOf(c)))
      },
    )
}

const disabled: v.InferOutput<typeof EventsDisabled> = {
  error: 'feature_disabled',
  flag: 'VX11_EVENTS_ENABLED',
  status_code: 503,
  events: [],
  total: 0,
  total_is_bound: false,
  has_more: false,
  next: null,
}

const asksForStream = (c: Context) => /\btext\/event-stream\b/i.test(c.req.header('accept') ?? '')

/** The guard requires a principal. */
const principalOf = (c: Context<AppEnv>): string => c.get('principal')?.name ?? ''

function streamAnswer(deps: EventsDeps) {
  const openByPrincipal = new Map<string, number>()
  const count = (name: string, change: number) => {
    const now = (openByPrincipal.get(name) ?? 0) + change
    if (now > 0) openByPrincipal.set(name, now)
    else openByPrincipal.delete(name)
  }

  return async (c: Context<AppEnv>, query: StreamQuery): Promise<Response> => {
    requireEvents(deps)
    const after = lastEventId(c, query)
    const name = principalOf(c)
    // An answer without a body would never close the stream.
    if (c.req.method === 'HEAD') return c.body(null, 200, sseHeaders)
    if ((openByPrincipal.get(name) ?? 0) >= deps.config.eventStreams) throw new GatewayError('too_many_streams')
    const over = new AbortController()
    const opened = (open: OpenStream) => {
      deps.openStreams.add(open)
      endWithCredential(deps, c, open, over.signal)
    }
    const closed = (open: OpenStream) => {
      over.abort()
      deps.openStreams.delete(open)
      count(name, -1)
    }
    const { correlationId } = c.var
    // Before anything is awaited: others that are being opened count, too.
    count(name, 1)
    const options = { filter: filterOf(query), after, correlationId, opened, closed }
    const body = await openStream(deps, options).catch((error: unknown) => {
      count(name, -1)
      throw error
    })
    return c.body(body, 200, sseHeaders)
  }
}

function endWithCredential({ principals }: EventsDeps, c: Context<AppEnv>, open: OpenStream, over: AbortSignal): void {
  const principal = c.get('principal')
  if (!principal || !principals.mayEnd(principal)) return
  const end = (reason: CredentialEnd) => open.goAway(endWord(reason, principal))
  principals.untilEnded(principal, over).then(end, () => {})
}

function endWord(reason: CredentialEnd, { key }: Principal): string {
  if (reason === 'expired') return 'token_expired'
  return key ? 'key_revoked' : 'token_removed'
}

/** The header wins: a reader that reconnects sends it beside its first query. */
function lastEventId(c: Context, query: StreamQuery): number | undefined {
  const header = c.req.header('last-event-id')
  if (header === undefined || header === '') return query.last_event_id
  if (/^\d{1,15}$/.test(header)) return Number(header)
  const issue = { loc: ['header', 'Last-Event-ID'], msg: 'Expected the id of an event of this stream', type: 'regex' }
  throw new GatewayError('validation_error', { issues: [issue] })
}
