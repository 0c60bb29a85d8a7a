/** The addresses of an upstream that runs more than once: who is asked, and what is known of each. */
import type { Config, PeerName } from '../../config/config.ts'
import type { WeightedAddress } from '../../config/upstreams/addresses.ts'
import type { RetryBudget } from '../../lib/retry-budget.ts'
import type {
  AddressState,
  CircuitState,
  Clock,
  HealthReading,
  Log,
  Metrics,
  Upstream,
  UpstreamInit,
  UpstreamState,
} from '../../ports/index.ts'
import { addressRules, currentRules } from '../layers/breaker-rules.ts'
import { circuitBreaker } from '../layers/circuit.ts'
import { counted } from '../layers/counted.ts'
import { watchesCause } from '../layers/failure-cause.ts'
import { transportFailure } from '../layers/outcome.ts'
import type { WatchBody } from '../layers/watch-body.ts'
import { dormantUpstream, type Transports, upstreamFor } from '../target.ts'
import { type Address, type Tries, upstreamAddress } from './address.ts'
import { chooseAddress, choosesAddress, hasOther } from './choice.ts'
import { hedging } from './hedge.ts'

export interface PoolSetup {
  name: PeerName
  config: Pick<Config, 'breaker' | 'hedgedUpstreams'>
  clock: Clock
  log: Log
  metrics: Metrics
  transports: Transports
  watchBody?: WatchBody | undefined
  budget: RetryBudget
  /** Asked where no address is left. */
  triesAlone: Upstream
  /** The circuit of the upstream as a whole: open while every address is set aside. */
  changed: (state: CircuitState) => void
}

/** One address's health question, and where its answer goes. */
export interface AddressProbe {
  ask: Upstream
  checked(reading: HealthReading, startedAt: number): void
}

export interface AddressPool {
  /** Addresses that stay keep what is known of them. */
  follow(addresses: readonly WeightedAddress[]): void
  /** Tries at the chosen addresses; `layers` go around each. */
  tries(layers: (bare: Upstream) => Upstream): Upstream
  /** The same for WebSockets: `chosen` learns where each try goes. */
  handshake(shakeHandsAt: (url: string) => Upstream, layers: (bare: Upstream) => Upstream, chosen: Chosen): Upstream
  goesElsewhere(init: UpstreamInit): boolean
  /** A question past breakers and limits, to the best address and then to the others. */
  ask: Upstream
  probes(): readonly AddressProbe[]
  read(): Pick<UpstreamState, 'circuit' | 'failures' | 'lastFailureAt' | 'openUntil' | 'cause'> & PoolState
}

type PoolState = Required<Pick<UpstreamState, 'addresses' | 'lastResorts'>> & Pick<UpstreamState, 'hedges'>

/** `ended` is what to call when the socket to the address has ended. */
export type Chosen = (address: Pick<Address, 'url' | 'socketOpened'>) => void

export function addressPool(setup: PoolSetup): AddressPool {
  const { name, config, clock, budget, triesAlone, changed } = setup
  let addresses: readonly Address[] = []
  let circuit: CircuitState = 'closed'
  let lastResorts = 0
  const current = () => addresses
  const none = () => dormantUpstream(name)

  function turned(): void {
    const now = wholeCircuit(addresses.map((each) => each.read().circuit))
    if (now === circuit) return
    circuit = now
    changed(now)
  }

  const hedges = hedging({
    clock,
    budget,
    isOn: () => config.hedgedUpstreams.some((each) => each === name),
    hasOther: (init) => hasOther(addresses, init),
  })
  const choosing = (triesAt: (address: Address) => Tries, none: Upstream) =>
    choosesAddress({ clock, addresses: current, triesAt, triedLastResort: () => void lastResorts++, none })

  return {
    follow(wanted) {
      const known = new Map(addresses.map((each) => [each.url, each]))
      addresses = wanted.map(({ url, weight }) => {
        const address = known.get(url) ?? makeAddress({ url, weight }, setup, turned)
        address.weight = weight
        return address
      })
      turned()
    },
    tries(layers) {
      const made = new WeakMap<Address, Tries>()
      const triesAt = (address: Address) => {
        const tries = made.get(address) ?? address.around(layers(address.bare))
        made.set(address, tries)
        return tries
      }
      return hedges.around(choosing(triesAt, triesAlone))
    },
    handshake(shakeHandsAt, layers, chosen) {
      const triesAt = (address: Address) => {
        chosen(address)
        return address.around(layers(shakeHandsAt(address.url)))
      }
      return choosing(triesAt, async () => Promise.reject(none()))
    },
    goesElsewhere: (init) => hasOther(addresses, init),
    ask: asksEach(current, none),
    probes: () => addresses.map(({ probe, checked }) => ({ ask: probe, checked })),
    read() {
      const states = addresses.map((each) => each.read())
      const isHedged = config.hedgedUpstreams.some((each) => each === name)
      return {
        ...wholeState(states, circuit),
        addresses: states,
        lastResorts,
        ...(isHedged && { hedges: hedges.read() }),
      }
    },
  }
}

function makeAddress(weighted: WeightedAddress, setup: PoolSetup, turned: () => void): Address {
  const { name, config, clock, log, metrics, transports, watchBody } = setup
  const { url } = weighted
  const reached = upstreamFor(name, { kind: 'url', url }, transports)
  if (!reached) throw dormantUpstream(name)
  const bare = watchesCause(reached, { name, address: url, clock, log })
  const circuit = circuitBreaker({
    name,
    rules: currentRules(config, addressRules),
    clock,
    opensAtOnce: (error) => transportFailure(error) === 'unreachable',
    refused: () => {},
    changed(state) {
      if (state === 'open') address.ejected()
      if (state !== 'half_open')
        log[state === 'open' ? 'warn' : 'info'](`address_${state === 'open' ? 'set_aside' : 'back'}`, of)
      turned()
    },
  })
  const of = { upstream: name, address: url }
  const address: Address = upstreamAddress(weighted, {
    ...{ clock, watchBody, circuit, bare },
    probe: counted(bare.upstream, { name, clock, metrics, purpose: 'probe' }),
    turned: (isUp, { reason }) =>
      log[isUp ? 'info' : 'warn'](`address_${isUp ? 'up' : 'down'}`, { ...of, ...(reason !== null && { reason }) }),
  })
  return address
}

/** A failure to answer leads to the next address, the best first. */
function asksEach(addresses: () => readonly Address[], none: () => Error): Upstream {
  return async (target, init) => {
    const visited = new Set<string>()
    for (;;) {
      const choice = chooseAddress(addresses(), { body: init.body, visited })
      if (!choice) throw none()
      visited.add(choice.address.url)
      try {
        return await choice.address.probe(target, init)
      } catch (error) {
        if (addresses().every(({ url }) => visited.has(url))) throw error
      }
    }
  }
}

/** The upstream is as well as its best address. */
function wholeCircuit(states: readonly CircuitState[]): CircuitState {
  if (states.length === 0 || states.includes('closed')) return 'closed'
  return states.includes('half_open') ? 'half_open' : 'open'
}

const least = (numbers: readonly (number | null)[]): number | null => {
  const given = numbers.filter((each) => each !== null)
  return given.length === 0 ? null : Math.min(...given)
}

function wholeState(states: readonly AddressState[], circuit: CircuitState) {
  const failedAt = states.flatMap(({ lastFailureAt }) => lastFailureAt ?? [])
  return {
    circuit,
    failures: least(states.map(({ failures }) => failures)) ?? 0,
    lastFailureAt: failedAt.length === 0 ? null : Math.max(...failedAt),
    openUntil: circuit === 'open' ? least(states.map(({ openUntil }) => openUntil)) : null,
    cause: states.every(({ cause }) => cause !== null) ? (states[0]?.cause ?? null) : null,
  }
}
