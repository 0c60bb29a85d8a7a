/** /ws, over which consoles receive and modules send events (contract G12), and tickets for it. */
import { type Context, Hono } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { withGathered } from '../../http/answer/answer.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { callerLimitKey } from '../../http/guards/rate-limit.ts'
import { type Handshake, readHandshake, refuseForeignOrigin } from '../../http/proxy/websocket-handshake.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { takesHeaders, takesQuery } from '../../http/routing/parameters.ts'
import { signTicket } from '../../lib/ticket.ts'
import { canonicalTypes } from '../../modules/events/shape/canonical.ts'
import { filterOf } from '../../modules/events/stream/filter.ts'
import type { AppEnv, Deps, EventFilter, Principals, SocketAgreement, SocketTerms } from '../../ports/index.ts'
import { SocketHeaders, SocketQuery, SocketTicket } from './schema.ts'

type SocketDeps = Pick<Deps, 'clientAddress' | 'config' | 'lifecycle' | 'sockets'> & {
  principals: Pick<Principals, 'mayBeRevoked' | 'untilEnded'>
}

export const socketRoutes = (deps: SocketDeps) =>
  new Hono<AppEnv>().get(
    '/',
    describe({
      id: 'openSocket',
      tag: 'Events',
      summary: 'A WebSocket that echoes its sender, stores its canonical events and delivers those of all others',
      errors: [...guardErrors, 'validation_error', 'upgrade_required', 'service_overloaded', 'events_unavailable'],
    }),
    takesQuery(SocketQuery),
    takesHeaders(SocketHeaders),
    async (c) => {
      const handshake = readHandshake(c)
      if (!handshake || !deps.sockets.canOpen(c)) throw upgradeRequired(c)
      refuseForeignOrigin(deps.config, c)
      const detail = 'The gateway is shutting down.'
      if (deps.lifecycle.phase === 'closing')
        throw new GatewayError('service_overloaded', { detail, retryAfterMs: 1000 })
      const terms = termsOf(deps, c, c.req.valid('query'))
      const { headers } = c.newResponse(null, 200, withGathered(c, {}))
      const answer = await deps.sockets.open(c, terms, { protocol: chosen(handshake), headers, ...untilEnded(deps, c) })
      c.set('answered', true)
      c.set('upgraded', true)
      return answer
    },
  )

function upgradeRequired(c: Context): GatewayError {
  // RFC 9110 §15.5.22.
  c.header('Upgrade', 'websocket')
  return new GatewayError('upgrade_required')
}

/** The only sub-protocol. A browser that offers one fails without it in the answer. */
const protocol = 'vx11.events'
const chosen = ({ protocols }: Handshake): string | null => (protocols.includes(protocol) ? protocol : null)

function termsOf(deps: SocketDeps, c: Context<AppEnv>, query: SocketQuery): SocketTerms {
  const principal = c.get('principal')
  return {
    clientId: query.client_id,
    owner: callerLimitKey(deps, c),
    ...(principal && { principal: principal.name }),
    // With VX11_V7_OPEN_PATHS there is no principal, and everyone may store, as in v7.
    mayStore: principal?.scopes.includes('ingest') ?? true,
    filter: filterFor(query),
    since: query.since ?? null,
    endsAt: principal?.notAfterMs ?? null,
    ...(principal?.key && { keyHolder: principal }),
  }
}

/** An expiry alone is watched by the socket itself. */
function untilEnded({ principals }: SocketDeps, c: Context<AppEnv>): Pick<SocketAgreement, 'untilEnded'> {
  const principal = c.get('principal')
  return principal && principals.mayBeRevoked(principal)
    ? { untilEnded: (signal) => principals.untilEnded(principal, signal) }
    : {}
}

function filterFor(query: SocketQuery): EventFilter {
  const { types = Object.keys(canonicalTypes), ...filter } = filterOf(query)
  return types.includes('*') ? filter : { ...filter, types }
}

const ticketSeconds = 60

/** For browsers, which cannot send headers with a WebSocket. */
export const socketTicketRoutes = ({ clock, ticketKeys }: Pick<Deps, 'clock' | 'ticketKeys'>) =>
  new Hono<AppEnv>().post(
    '/',
    describe({
      id: 'createSocketTicket',
      tag: 'Events',
      summary: 'A ticket that opens /ws within 60 seconds, for clients that cannot send headers',
      answers: { 200: SocketTicket },
      errors: [...guardErrors, 'database_unavailable'],
    }),
    noStore,
    async (c) => {
      const expiresAt = clock.now() + ticketSeconds * 1000
      const principal = c.get('principal')?.name ?? ''
      return c.json({
        ws_token: signTicket(await ticketKeys.current(), { purpose: 'ws', principal, expiresAt }),
        ttl_seconds: ticketSeconds,
        ttl_sec: ticketSeconds,
        expires_in_sec: ticketSeconds,
        endpoint: '/ws',
        usage: 'GET /ws?token=<ws_token>, or the sub-protocols vx11.events and vx11.ticket.<ws_token>',
      })
    },
  )
