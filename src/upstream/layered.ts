/** The layers around an upstream, in their order on one page. */
import { type Config, type PeerName, type UpstreamTarget, urlsOf } from '../config/config.ts'
import { retryBudget } from '../lib/retry-budget.ts'
import type { Upstream, UpstreamState } from '../ports/index.ts'
import type { AddressPool } from './addresses/pool.ts'
import { type Pooled, pooledUpstream } from './addresses/pooled.ts'
import { signsForGuard } from './headers/entry-guard.ts'
import { breakerRules, currentRules } from './layers/breaker-rules.ts'
import { type CircuitBreaker, circuitBreaker } from './layers/circuit.ts'
import { tellsCircuit } from './layers/circuit-turn.ts'
import { counted } from './layers/counted.ts'
import { keepsDeadline, readsDeadline } from './layers/deadline.ts'
import { traced } from './layers/exchange-trace.ts'
import type { CauseWatch } from './layers/failure-cause.ts'
import { inFlightLimit } from './layers/in-flight.ts'
import { type Ending, isTransient, neverArrived, type RetryOptions, withRetries } from './layers/retry.ts'
import { noteRefusal, spannedPause } from './layers/wait-spans.ts'
import { withOperations } from './operations.ts'
import type { UpstreamSetup } from './setup.ts'
import type { LayeredHandshake } from './websocket/target.ts'

export interface Layers {
  upstream: Upstream
  /** The same breaker and limit, for a handshake. */
  handshakeTo: (target: UpstreamTarget) => LayeredHandshake
  circuit: CircuitBreaker
  read: () => UpstreamState
  follow: (target: UpstreamTarget) => void
  /** Null while there is one address. */
  pool: () => AddressPool | null
}

/** In which order a request passes them, for an address alone and for several (addresses/pooled.ts). */
export interface LayerOrder {
  /** Of each try, whatever its address. */
  eachTry: (bare: Upstream) => Upstream
  /** Of the request, whatever its tries. */
  whole: (tries: Upstream, rules: RequestRules) => Upstream
}

export type RequestRules = Pick<RetryOptions, 'isRetryable'> & Partial<Pick<RetryOptions, 'budget' | 'goesElsewhere'>>

/** A request passes the layers from the bottom up. */
export function layersAround(bare: CauseWatch, name: PeerName, setup: UpstreamSetup): Layers {
  const { config, clock, random, metrics, tracing, watchBody, pause = clock.sleep } = setup
  const circuit = breakerOf(name, setup)
  const budget = retryBudget({ share: 0.2, minimum: 3, windowS: 10 })
  const limit = inFlightLimit({
    limit: () => config.maxInFlight,
    clock,
    watchBody,
    refused: (reason) => {
      metrics.upstreamRefused(name, reason)
      noteRefusal(tracing, name, reason)
    },
    abandoned: () => metrics.bodyAbandoned(name),
  })

  const retries = {
    clock,
    random,
    budget,
    pause: spannedPause(pause, name, tracing),
    retried: () => metrics.upstreamRetried(name),
    refused: () => metrics.retryRefused(name),
  }
  const order: LayerOrder = {
    eachTry(bare) {
      let upstream = traced(bare, clock)
      upstream = signed(upstream, name, setup)
      return keepsDeadline(upstream, name, clock)
    },
    whole(tries, rules) {
      let upstream = withRetries(tries, { ...retries, ...rules })
      upstream = limit.around(upstream)
      return readsDeadline(upstream, clock)
    },
  }
  const guarded = (bare: Upstream) => circuit.around(order.eachTry(bare))
  const single = (bare: Upstream, isRetryable: (ending: Ending) => boolean) =>
    order.whole(guarded(bare), { isRetryable })

  const triesAlone = guarded(bare.upstream)
  const alone = order.whole(triesAlone, { isRetryable: isTransient })
  let current = alone
  let pooled: Pooled | null = null
  const own = counted((target, init) => current(target, init), { name, clock, metrics, purpose: 'own' })
  const upstream = withOperations(own, name, config)

  function follow(target: UpstreamTarget): void {
    if (target.kind === 'urls') pooled ??= pooledUpstream(name, setup, order, triesAlone)
    pooled?.pool.follow(target.kind === 'urls' ? target.addresses : [])
    if (target.kind !== 'urls') pooled = null
    current = pooled?.upstream ?? alone
  }
  const handshakeTo =
    (target: UpstreamTarget): LayeredHandshake =>
    (shakeHandsAt, chosen) =>
      pooled?.handshake(shakeHandsAt, chosen) ??
      single(shakeHandsAt(target.kind === 'url' ? target.url : `http://${name}`), neverArrived)

  const read = () => ({
    ...circuit.read(),
    inFlight: limit.count(),
    maxInFlight: config.maxInFlight,
    retryBudget: budget.read(clock.monotonic()),
    activity: limit.activity(),
    cause: bare.read(),
    ...pooled?.read(),
  })
  return { upstream, handshakeTo, circuit, read, follow, pool: () => pooled?.pool ?? null }
}

const breakerOf = (name: PeerName, setup: UpstreamSetup): CircuitBreaker =>
  circuitBreaker({
    name,
    rules: currentRules(setup.config, breakerRules),
    clock: setup.clock,
    changed: tellsCircuit(name, setup),
    refused: () => {
      setup.metrics.upstreamRefused(name, 'circuit_open')
      noteRefusal(setup.tracing, name, 'circuit_open')
    },
  })

/** Only shub has an entry guard. */
function signed(next: Upstream, name: PeerName, { config, clock, random }: UpstreamSetup): Upstream {
  if (name !== 'shub') return next
  const made = ({ shubSharedSecret: secret, upstreams: { shub } }: Config): Upstream => {
    if (secret === null) return next
    // It is the same for all addresses.
    const [url] = urlsOf(shub)
    const basePath = url === undefined ? '' : new URL(url).pathname.replace(/\/$/, '')
    return signsForGuard(next, { secret, basePath, clock, random })
  }
  let [signing, secret, upstreams] = [made(config), config.shubSharedSecret, config.upstreams]
  return (target, init) => {
    if (secret !== config.shubSharedSecret || upstreams !== config.upstreams)
      [signing, secret, upstreams] = [made(config), config.shubSharedSecret, config.upstreams]
    return signing(target, init)
  }
}
