/** Makes every configured upstream callable, and keeps each at the address that the configuration gives it. */
import { moduleTurned } from '../announcements.ts'
import { type ModelName, modelNames, type PeerName, type UpstreamName, upstreamNames } from '../config/config.ts'
import type { Deps, Models, Upstream, Upstreams, WebSocketUpstreams } from '../ports/index.ts'
import { type HealthTurn, healthChecks } from './health/health-checks.ts'
import { type Layers, layersAround } from './layered.ts'
import { counted } from './layers/counted.ts'
import { watchesCause } from './layers/failure-cause.ts'
import { tryWatch } from './layers/spanned.ts'
import { modelAddress, modelEndpoint } from './model-endpoint.ts'
import type { UpstreamSetup } from './setup.ts'
import { dormantUpstream, upstreamFor } from './target.ts'
import { webSocketUpstream } from './websocket/target.ts'

export { askUpstream } from './ask.ts'

type Connected = Pick<
  Deps,
  'upstreams' | 'webSocketUpstreams' | 'probes' | 'models' | 'upstreamStates' | 'healthChecks' | 'followTargets'
>

/** A dormant upstream is absent. */
export function connectUpstreams(plain: UpstreamSetup): Connected {
  const { config, clock, random, log, metrics, announce, webSocketTransports } = plain
  const watchTry = tryWatch(plain)
  const transports = { ...plain.transports, watchTry }
  const setup = { ...plain, transports }
  const upstreams: Upstreams = {}
  const webSocketUpstreams: WebSocketUpstreams = {}
  const probes: Upstreams = {}
  const models: Models = {}
  const layers: Partial<Record<PeerName, Layers>> = {}
  const connect = (name: UpstreamName) => {
    const watched = watchesCause(followsTarget(name, setup), { name, clock, log })
    const layered = layersAround(watched, name, setup)
    const alone = counted(watched.upstream, { name, clock, metrics, purpose: 'probe' })
    const probe: Upstream = (target, init) => (layered.pool()?.ask ?? alone)(target, init)
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
    if (JSON.stringify(target) !== JSON.stringify(made.target)) made.layered.circuit.restart()
    made.target = target
    made.layered.follow(target)
    probes[name] = made.probe
    upstreams[name] = made.layered.upstream
    layers[name] = made.layered
    const speaking =
      webSocketTransports &&
      webSocketUpstream(name, target, { ...webSocketTransports, watchTry }, made.layered.handshakeTo(target))
    if (speaking) webSocketUpstreams[name] = speaking
  }
  const connectModel = (name: ModelName) => {
    const reached = follows(
      () => config.chat,
      (chat) => modelEndpoint(name, chat, transports),
    )
    return { layered: layersAround(watchesCause(reached, { name, clock, log }), name, setup), address: '' }
  }
  const connectedModels: Partial<Record<ModelName, ReturnType<typeof connectModel>>> = {}
  const followModel = (name: ModelName) => {
    const endpoint = modelAddress(name, config.chat)
    if (!endpoint) {
      for (const each of [models, layers]) delete each[name]
      return
    }
    const made = connectedModels[name] ?? connectModel(name)
    connectedModels[name] = made
    const { circuit, upstream } = made.layered
    const address = JSON.stringify(endpoint)
    if (address !== made.address) circuit.restart()
    // What is known of an endpoint goes by this function (openai.ts), so another address has another one.
    if (address !== made.address || !models[name]) models[name] = (target, init) => upstream(target, init)
    made.address = address
    layers[name] = made.layered
  }
  const followTargets = () => {
    upstreamNames.forEach(followTarget)
    modelNames.forEach(followModel)
  }
  followTargets()
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
  const addressProbes = (name: UpstreamName) => layers[name]?.pool()?.probes() ?? null
  const checks = healthChecks({ config, probes, addressProbes, clock, random, turned, passed })
  return { upstreams, webSocketUpstreams, probes, models, upstreamStates, healthChecks: checks, followTargets }
}

const followsTarget = (name: UpstreamName, { config, transports }: UpstreamSetup): Upstream =>
  follows(
    () => config.upstreams[name],
    (target) => upstreamFor(name, target, transports) ?? (() => Promise.reject(dormantUpstream(name))),
  )

/** What is reached is that of the configuration at the time of the request. */
function follows<Part>(part: () => Part, reach: (part: Part) => Upstream): Upstream {
  let now = part()
  let reached = reach(now)
  return (path, init) => {
    if (now !== part()) {
      now = part()
      reached = reach(now)
    }
    return reached(path, init)
  }
}
