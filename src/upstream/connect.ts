/** Makes every configured upstream callable, and shows the order of its layers on one page. */

import { circuitTurned, moduleTurned } from '../announcements.ts'
import {
  type Config,
  type ModelName,
  modelNames,
  type PeerName,
  type UpstreamName,
  upstreamNames,
} from '../config/config.ts'
import { retryBudget } from '../lib/retry-budget.ts'
import type {
  Announce,
  Clock,
  Deps,
  Log,
  Metrics,
  Models,
  Random,
  Tracing,
  Upstream,
  UpstreamState,
  Upstreams,
  WebSocketUpstreams,
} from '../ports/index.ts'
import { signsForGuard } from './headers/entry-guard.ts'
import { type HealthTurn, healthChecks } from './health/health-checks.ts'
import { breakerRules } from './layers/breaker-rules.ts'
import { type CircuitBreaker, circuitBreaker } from './layers/circuit.ts'
import { counted } from './layers/counted.ts'
import { keepsDeadline, readsDeadline } from './layers/deadline.ts'
import { traced } from './layers/exchange-trace.ts'
import { type CauseWatch, watchesCause } from './layers/failure-cause.ts'
import { inFlightLimit } from './layers/in-flight.ts'
import { type Ending, isTransient, neverArrived, withRetries } from './layers/retry.ts'
import { spanned } from './layers/spanned.ts'
import { noteRefusal, spannedPause } from './layers/wait-spans.ts'
import type { WatchBody } from './layers/watch-body.ts'
import { modelEndpoint, modelUrl } from './model-endpoint.ts'
import { withOperations } from './operations.ts'
import { baseOf, dormantUpstream, type Transports, upstreamFor } from './target.ts'
import { type WebSocketTransports, webSocketUpstream } from './websocket/target.ts'

export { askUpstream } from './ask.ts'

export interface UpstreamSetup {
  config: Config
  clock: Clock
  random: Random
  log: Log
  metrics: Metrics
  announce: Announce
  transports: Transports
  /** Absent: no upstream speaks WebSocket. */
  webSocketTransports?: WebSocketTransports
  /** Absent where JavaScript must not read bodies (in-flight.ts). */
  watchBody?: WatchBody
  /** Absent where tracing is off. */
  tracing?: Tracing | undefined
  /** Waits between tries; defaults to the clock's sleep. */
  pause?: Clock['sleep']
}

type Connected = Pick<
  Deps,
  'upstreams' | 'webSocketUpstreams' | 'probes' | 'models' | 'upstreamStates' | 'healthChecks' | 'followTargets'
>

/** A dormant upstream is absent. */
export function connectUpstreams(setup: UpstreamSetup): Connected {
  const { config, clock, random, log, metrics, announce, transports, webSocketTransports } = setup
  const upstreams: Upstreams = {}
  const webSocketUpstreams: WebSocketUpstreams = {}
  const probes: Upstreams = {}
  const models: Models = {}
  const layers: Partial<Record<PeerName, Layers>> = {}
  const connect = (name: UpstreamName) => {
    const watched = watchesCause(followsTarget(name, setup), { name, clock, log })
    const layered = layersAround(watched, name, setup)
    const told = tellsSpans(watched.upstream, name, setup)
    const probe = counted(told, { name, clock, metrics, purpose: 'probe' })
    return { layered, probe, target: config.upstreams[name] }
  }
  const connected: Partial<Record<UpstreamName, ReturnType<typeof connect>>> = {}
  const followTarget = (name: UpstreamName) => {
    const target = config.upstreams[name]
    if (!upstreamFor(name, target, transports)) {
      for (const each of [upstreams, webSocketUpstreams, probes, layers]) delete each[name]
      return
    }
    const made = connected[name] ?? connect(name)
    connected[name] = made
    // What its breaker learned is of the address before.
    if (JSON.stringify(target) !== JSON.stringify(made.target)) made.layered.circuit.heal()
    made.target = target
    probes[name] = made.probe
    upstreams[name] = made.layered.upstream
    layers[name] = made.layered
    const speaking = webSocketTransports && webSocketUpstream(name, target, webSocketTransports, made.layered.handshake)
    if (speaking) webSocketUpstreams[name] = speaking
  }
  const followTargets = () => upstreamNames.forEach(followTarget)
  followTargets()
  for (const name of modelNames) {
    const reached = modelEndpoint(name, config.chat, transports)
    if (!reached) continue
    const layered = layersAround(watchesCause(reached, { name, clock, log }), name, setup)
    models[name] = layered.upstream
    layers[name] = layered
  }
  const upstreamStates = () =>
    Object.fromEntries(Object.entries(layers).map(([name, { read }]) => [name, read()] as const))
  metrics.watchUpstreams(upstreamStates)

  const turned = (name: UpstreamName, { from, to, reading }: HealthTurn) => {
    if (to === 'up' && from !== 'unknown') layers[name]?.circuit.heal()
    const fields = { upstream: name, ...(reading.reason !== null && { reason: reading.reason }) }
    log[to === 'down' ? 'warn' : 'info'](`upstream_${to}`, fields)
    if (to !== 'unknown') announce(moduleTurned(name, to, reading))
  }
  const passed = (name: UpstreamName, startedAt: number) => layers[name]?.circuit.checkPassed(startedAt)
  const checks = healthChecks({ config, probes, clock, random, turned, passed })
  return { upstreams, webSocketUpstreams, probes, models, upstreamStates, healthChecks: checks, followTargets }
}

interface Layers {
  upstream: Upstream
  /** The same breaker and limit, for a handshake. */
  handshake: (bare: Upstream) => Upstream
  circuit: CircuitBreaker
  read: () => UpstreamState
}

/** A request passes the layers from the bottom up. */
function layersAround(bare: CauseWatch, name: PeerName, setup: UpstreamSetup): Layers {
  const { config, clock, random, metrics, tracing, watchBody, pause = clock.sleep } = setup
  const circuit = breakerOf(name, setup)
  const budget = retryBudget({ share: 0.2, minimum: 3, windowS: 10 })
  const limit = inFlightLimit({
    limit: config.maxInFlight,
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
  const around = (bare: Upstream, isRetryable: (ending: Ending) => boolean) => {
    let upstream = traced(tellsSpans(bare, name, setup), clock)
    upstream = signed(upstream, name, setup)
    upstream = keepsDeadline(upstream, name, clock)
    upstream = circuit.around(upstream)
    upstream = withRetries(upstream, { ...retries, isRetryable })
    upstream = limit.around(upstream)
    return readsDeadline(upstream, clock)
  }
  const own = counted(around(bare.upstream, isTransient), { name, clock, metrics, purpose: 'own' })
  const upstream = withOperations(own, name, config)
  const handshake = (bare: Upstream) => around(bare, neverArrived)

  const read = () => ({
    ...circuit.read(),
    inFlight: limit.count(),
    maxInFlight: config.maxInFlight,
    retryBudget: budget.read(clock.monotonic()),
    activity: limit.activity(),
    cause: bare.read(),
  })
  return { upstream, handshake, circuit, read }
}

const breakerOf = (name: PeerName, { config, clock, log, metrics, announce, tracing }: UpstreamSetup): CircuitBreaker =>
  circuitBreaker({
    name,
    rules: breakerRules(config.breaker),
    clock,
    changed(state) {
      metrics.circuitChanged(name, state)
      log[state === 'open' ? 'warn' : 'info'](`circuit_${state}`, { upstream: name })
      const event = circuitTurned(name, state)
      if (event) announce(event)
    },
    refused: () => {
      metrics.upstreamRefused(name, 'circuit_open')
      noteRefusal(tracing, name, 'circuit_open')
    },
  })

/** Innermost, so that every try is one. */
function tellsSpans(next: Upstream, name: PeerName, { config, tracing }: UpstreamSetup): Upstream {
  const isModel = isModelName(name)
  const base = () => (isModel ? (modelUrl(name, config.chat) ?? '') : baseOf(name, config.upstreams[name]))
  return spanned(next, { name, tracing, config, base, tells: !isModel })
}

const isModelName = (name: PeerName): name is ModelName => modelNames.some((model) => model === name)

/** The address is that of the configuration at the time of the request. */
function followsTarget(name: UpstreamName, { config, transports }: UpstreamSetup): Upstream {
  let target = config.upstreams[name]
  let reached = upstreamFor(name, target, transports)
  return async (path, init) => {
    if (target !== config.upstreams[name]) {
      target = config.upstreams[name]
      reached = upstreamFor(name, target, transports)
    }
    if (!reached) throw dormantUpstream(name)
    return reached(path, init)
  }
}

/** Only shub has an entry guard. */
function signed(next: Upstream, name: PeerName, { config, clock, random }: UpstreamSetup): Upstream {
  if (name !== 'shub') return next
  const made = ({ shubSharedSecret: secret, upstreams: { shub } }: Config): Upstream => {
    if (secret === null) return next
    const basePath = shub.kind === 'url' ? new URL(shub.url).pathname.replace(/\/$/, '') : ''
    return signsForGuard(next, { secret, basePath, clock, random })
  }
  let [signing, secret, upstreams] = [made(config), config.shubSharedSecret, config.upstreams]
  return (target, init) => {
    if (secret !== config.shubSharedSecret || upstreams !== config.upstreams)
      [signing, secret, upstreams] = [made(config), config.shubSharedSecret, config.upstreams]
    return signing(target, init)
  }
}
