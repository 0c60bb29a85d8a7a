/** Connects a caller's WebSocket to an upstream's: the upstream handshake completes first. */
import type { Context } from 'hono'
import type { UpstreamName } from '../../config/config.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { needsWindow } from '../../modules/power/admission.ts'
import type { PowerPolicy } from '../../modules/power/power-policy.ts'
import { untilWindowEnds } from '../../modules/power/window-end.ts'
import type {
  AppEnv,
  Deps,
  HeaderFields,
  OpenedWebSocket,
  Principals,
  UpstreamAnswer,
  WebSocketUpstream,
} from '../../ports/index.ts'
import { responseHeaders } from '../../upstream/headers/response-headers.ts'
import { viaName } from '../../upstream/headers/via.ts'
import { withoutPrefix } from '../../upstream/path.ts'
import { Relay, type RelayEnd, type Relaying, relayRules } from '../../upstream/websocket/relay.ts'
import type { SocketSlot, SocketSlots } from '../../upstream/websocket/socket-slots.ts'
import { answerWith, withGathered } from '../answer/answer.ts'
import { callerLimitKey } from '../guards/rate-limit.ts'
import { emptyTrace, type ForwardDeps, forwardedHeaders, measured, type Way } from './forward.ts'
import { readHandshake, refuseForeignOrigin } from './websocket-handshake.ts'

export type WebSocketProxyDeps = ForwardDeps &
  Pick<
    Deps,
    'clock' | 'lifecycle' | 'log' | 'metrics' | 'recorder' | 'webSockets' | 'webSocketUpstreams' | 'requestTarget'
  > & {
    policy: Pick<PowerPolicy, 'read'>
    principals: Pick<Principals, 'mayEnd' | 'untilEnded'>
    socketPlaces: SocketSlots
  }

/** Undefined for every request but a handshake that can be relayed. */
export const webSocketProxy = (deps: WebSocketProxyDeps, way: Way) =>
  function webSocketProxy(c: Context<AppEnv>): Promise<Response> | undefined {
    const connect = deps.webSocketUpstreams[way.upstream]
    const handshake = readHandshake(c)
    if (!handshake || !connect || !deps.webSockets.canAccept(c)) return undefined
    return shakeHands(deps, c, way, { connect, protocols: handshake.protocols })
  }

async function shakeHands(
  deps: WebSocketProxyDeps,
  c: Context<AppEnv>,
  { upstream, stripPrefix }: Way,
  { connect, protocols }: { connect: WebSocketUpstream; protocols: readonly string[] },
): Promise<Response> {
  refuseForeignOrigin(deps.config, c)
  if (deps.lifecycle.phase === 'closing')
    throw new GatewayError('upstream_unavailable', { detail: 'The gateway is going away.' })
  const place = takePlace(deps, c, upstream)
  const trace = emptyTrace()
  const exchange = () =>
    connect(withoutPrefix(deps.requestTarget(c), stripPrefix), {
      headers: withoutHandshake(forwardedHeaders(deps, c, upstream)),
      protocols,
      signal: c.req.raw.signal,
      trace,
    })
  const statusOf = (answer: OpenedWebSocket | UpstreamAnswer) => ('peer' in answer ? 101 : answer.status)
  try {
    const answer = await measured(deps, c, { upstream, trace, exchange, statusOf })
    if ('peer' in answer) return openRelay(deps, c, { upstream, opened: answer, place })
    const fields = withoutHandshake(responseHeaders(answer.status, answer.headers, viaName(deps.config)))
    return answerWith(c, answer.status, fields, answer.body)
  } finally {
    place.leaveUnlessGiven()
  }
}

function takePlace(deps: WebSocketProxyDeps, c: Context<AppEnv>, upstream: UpstreamName): SocketSlot {
  try {
    return deps.socketPlaces.take(callerLimitKey(deps, c))
  } catch (error) {
    deps.metrics.upstreamRefused(upstream, 'too_many_sockets')
    throw error
  }
}

interface Opening {
  upstream: UpstreamName
  opened: OpenedWebSocket
  place: SocketSlot
}

function openRelay(deps: WebSocketProxyDeps, c: Context<AppEnv>, { upstream, opened, place }: Opening) {
  const { clock, config, log, webSockets } = deps
  const fields = withoutHandshake(responseHeaders(101, opened.headers, viaName(config)))
  const { headers } = c.newResponse(null, 200, withGathered(c, fields))
  const accepted = acceptOrLeave(deps, c, opened, headers)
  c.set('answered', true)
  const startedAt = clock.monotonic()
  const correlationId = c.get('correlationId')
  const ended = ({ by, code, messages }: RelayEnd) =>
    log.info('websocket_closed', {
      correlation_id: correlationId,
      upstream,
      duration_ms: Math.round(clock.monotonic() - startedAt),
      count: messages,
      reason: `${by} ${code}`,
    })
  const finished = () => {
    place.leave()
    webSockets.open.delete(relay)
    webSockets.lastEndedAt = { ...webSockets.lastEndedAt, [upstream]: clock.now() }
  }
  const windowEnd = (closing: AbortSignal) => untilWindowEnds(deps, upstream, closing)
  const relaying = { clock, rules: relayRules, ended, finished, leadsTo: upstream }
  const relay = new Relay(accepted.peer, opened.peer, {
    ...relaying,
    ...(needsWindow(config, upstream) && { windowEnd }),
    ...credentialEnd(deps, c),
  })
  place.give(relay, opened.left)
  webSockets.open.add(relay)
  c.set('upgraded', true)
  return accepted.answer
}

function credentialEnd({ principals }: WebSocketProxyDeps, c: Context<AppEnv>): Pick<Relaying, 'credentialEnd'> {
  const principal = c.get('principal')
  if (!principal || !principals.mayEnd(principal)) return {}
  return { credentialEnd: (closing) => principals.untilEnded(principal, closing) }
}

function acceptOrLeave({ webSockets }: WebSocketProxyDeps, c: Context, opened: OpenedWebSocket, headers: Headers) {
  try {
    return webSockets.accept(c, { protocol: opened.protocol, headers })
  } catch (error) {
    opened.peer.terminate()
    opened.left?.()
    throw error
  }
}

/** Each side has its own handshake; only the sub-protocol is carried over. */
function withoutHandshake(fields: HeaderFields): HeaderFields {
  for (const name of Object.keys(fields)) if (name.startsWith('sec-websocket-')) delete fields[name]
  return fields
}
