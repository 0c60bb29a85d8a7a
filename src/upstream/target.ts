/** Makes a configured upstream callable: joins the path, sets time limits, maps failures to error codes. */
import type { PeerName, UpstreamTarget } from '../config/config.ts'
import { type ErrorCode, GatewayError, TransportError, type TransportFailure } from '../errors/gateway-error.ts'
import type { TimeLimits, Transport, TransportInit, Upstream, UpstreamInit } from '../ports/index.ts'
import type { WatchTry } from './layers/spanned.ts'
import { urlBelow } from './path.ts'

/** The platform's transport for each kind of target. */
export interface Transports {
  url: Transport
  embedded?: Transport
  /** Undefined when the platform has no such binding. */
  binding?: (name: string) => Transport | undefined
  /** Absent where tracing is off. */
  watchTry?: WatchTry | undefined
}

export const defaultLimits: TimeLimits = { connectMs: 2000, firstByteMs: 30_000, idleMs: 30_000 }

/**
 * Undefined when dormant, or when the platform lacks the target's binding. Retries and the breaker wrap the result.
 * Of several addresses the first that answers is asked (addresses/pool.ts chooses).
 */
export function upstreamFor(name: PeerName, target: UpstreamTarget, transports: Transports): Upstream | undefined {
  if (target.kind === 'urls')
    return firstThatAnswers(
      target.addresses.flatMap(({ url }) => upstreamFor(name, { kind: 'url', url }, transports) ?? []),
    )
  const transport = transportFor(target, transports)
  if (!transport) return undefined
  const base = target.kind === 'url' ? target.url : `http://${name}`
  const reached: Upstream = async (path, init) => {
    const url = urlBelow(base, path)
    try {
      return await transport(url, transportInit(init))
    } catch (error) {
      throw error instanceof TransportError ? gatewayError(name, error) : error
    }
  }
  return transports.watchTry?.(reached, name, base) ?? reached
}

const firstThatAnswers =
  ([first, ...others]: readonly Upstream[]): Upstream =>
  async (target, init) => {
    if (!first) throw new TransportError('unreachable')
    if (others.length === 0) return first(target, init)
    return first(target, init).catch(() => firstThatAnswers(others)(target, init))
  }

function transportInit({ method, headers, body, signal, limits }: UpstreamInit): TransportInit {
  const init: TransportInit = {
    method,
    headers,
    body,
    limits: isWhole(limits) ? limits : { ...defaultLimits, ...limits },
  }
  if (signal) init.signal = signal
  return init
}

/** Those of an operation are; only some callers name single ones. */
const isWhole = (limits: Partial<TimeLimits> | undefined): limits is TimeLimits =>
  limits?.connectMs !== undefined && limits.firstByteMs !== undefined && limits.idleMs !== undefined

function transportFor(target: UpstreamTarget, { url, embedded, binding }: Transports): Transport | undefined {
  if (target.kind === 'url') return url
  if (target.kind === 'embedded') return embedded
  return target.kind === 'binding' ? binding?.(target.binding) : undefined
}

/** Keeps the TransportError as `cause`, so that retries can distinguish refused from reset connections. */
export const gatewayError = (name: PeerName, error: TransportError): GatewayError =>
  new GatewayError(codeOf(name, error.failure), {}, { cause: error })

function codeOf(name: PeerName, failure: TransportFailure): ErrorCode {
  if (failure === 'aborted') return 'client_closed_request'
  if (failure === 'body_too_large') return 'body_too_large'
  if (failure === 'malformed') return name === 'shub' ? 'gateway_error' : 'upstream_malformed'
  if (failure === 'timeout' && name !== 'shub') return 'upstream_timeout'
  return unavailableCode(name)
}

/** The error for an upstream that is not configured. */
export const dormantUpstream = (name: PeerName): GatewayError =>
  new GatewayError(unavailableCode(name), {
    detail: `${name} is dormant: set ${name.toUpperCase()}_URL to where it runs.`,
  })

export const unavailableCode = (name: PeerName): ErrorCode => unavailable[name] ?? 'upstream_unavailable'

/** Codes that VX11's clients know (contract S5); shub's timeouts use them too, as in v7. */
const unavailable: Partial<Record<PeerName, ErrorCode>> = {
  shub: 'shub_unavailable',
  madre: 'madre_unavailable',
  switch: 'switch_unavailable',
}
