/** Reads the state of every module and store: what answers, what should and does not, and why. */
import { type UpstreamName, upstreamNames } from '../../config/config.ts'
import { moduleName, vx11Services } from '../../config/vx11.ts'
import { cachedCall } from '../../lib/cached-call.ts'
import { mapLimit } from '../../lib/map-limit.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import { checkStore, type StoreReading } from '../../modules/database-health/store-check.ts'
import { isOpen } from '../../modules/power/admission.ts'
import { type ModuleWord, moduleWord } from '../../modules/power/module-states.ts'
import type { PowerPolicy, PowerReading } from '../../modules/power/power-policy.ts'
import { modeOf, type PowerMode, settled, soloMadre } from '../../modules/power/power-state.ts'
import type { Deps, HealthReading } from '../../ports/index.ts'

export type ReadingDeps = Pick<
  Deps,
  'background' | 'config' | 'clock' | 'healthChecks' | 'database' | 'limiter' | 'readiness' | 'probes'
> & { policy: Pick<PowerPolicy, 'known' | 'read'> }

export interface ModuleReading {
  word: ModuleWord
  /** Null for a module that is not configured, and for one that was not measured in time. */
  health: HealthReading | null
  /** Why it is not up, coarse; null when it is. */
  reason: string | null
}

export interface Stores {
  database: StoreReading
  /** Null when none is configured. */
  redis: StoreReading | null
  /** Null when nothing is limited. */
  limiter: StoreReading | null
}

export interface Reading {
  power: PowerReading
  mode: PowerMode
  modules: Record<UpstreamName, ModuleReading>
  stores: Stores
  /** What should run and does not; empty when nothing is degraded. */
  reasons: string[]
}

/** A Worker may have six connections. */
const checksAtOnce = 4
/** Every read answers within 2.5 s, even if an upstream or store hangs. */
const timeoutMs = 2100
/** Who reads again in a moment waits no longer for what is slow to answer. */
const patienceMs = 500
const storesFreshMs = 2000
/** Older readings say nothing of now. */
const staleMs = 15_000

/** Who accepts only younger readings gets those that come at once, and of the others the last ones. */
export type ReadState = (acceptedMs?: number) => Promise<Reading>

/** Health is asked every 5 s, the power state and the stores every 2 s, or as often as a caller wants: see accepted-age.ts. */
export function stateReader(deps: ReadingDeps): ReadState {
  const { background, clock, config, policy } = deps
  const readHealth = healthReader(deps)
  const readStores = cachedCall(clock, { freshForMs: storesFreshMs, timeoutMs }, () => checkStores(deps))
  let lastPower: PowerReading = { state: soloMadre, degraded: true, reason: 'timeout', change: null }

  const silent = (): PowerReading => ({
    state: settled(lastPower.state, config.windowServices, clock.now()),
    degraded: true,
    reason: 'timeout',
    change: null,
  })
  async function readPower(acceptedMs?: number): Promise<PowerReading> {
    const reading = policy.read(acceptedMs)
    const known = acceptedMs === undefined ? undefined : policy.known()
    if (!known || known.degraded) lastPower = await inTime(clock, timeoutMs, reading, silent)
    else lastPower = await inTime(clock, patienceMs, kept(reading), policy.known)
    return lastPower
  }
  const kept = <T>(work: Promise<T>): Promise<T> => {
    background(work.catch(() => undefined))
    return work
  }

  return async (acceptedMs) => {
    const [power, health, stores] = await Promise.all([
      readPower(acceptedMs),
      readHealth(acceptedMs),
      readStores(acceptedMs),
    ])
    const modules = Object.fromEntries(
      upstreamNames.map((name) => [name, describeModule(deps, power, name, health.get(name))] as const),
    ) as Reading['modules']
    return {
      power,
      mode: modeOf(power.state),
      modules,
      stores,
      reasons: reasonsFor(power, modules, stores),
    }
  }
}

/** The readings that came in time; for a module that was not reached in time the last one, unless it is stale. */
function healthReader({ background, clock, healthChecks }: ReadingDeps) {
  const known = new Map<UpstreamName, HealthReading | null>()
  return async (acceptedMs?: number): Promise<ReadonlyMap<UpstreamName, HealthReading | null>> => {
    // Those that may be silent come last: the others do not wait for them.
    const names = upstreamNames.toSorted((a, b) => Number(known.get(b)?.up ?? 0) - Number(known.get(a)?.up ?? 0))
    const round = mapLimit(names, checksAtOnce, async (name) => {
      known.set(name, await healthChecks.read(name, acceptedMs))
    })
    const isFirst = known.size < names.length
    if (acceptedMs !== undefined) background(round)
    await inTime(clock, acceptedMs === undefined || isFirst ? timeoutMs : patienceMs, round, () => [])
    const now = clock.now()
    return new Map([...known].filter(([, health]) => health === null || Math.abs(now - health.checkedAt) <= staleMs))
  }
}

async function checkStores({ clock, config, database, limiter, readiness }: ReadingDeps): Promise<Stores> {
  const redis = readiness.redis ? checkStore(clock, readiness.redis) : null
  const askLimiter = () => (limiter.store === 'redis' && redis ? redis : checkStore(clock, () => limiter.ping()))
  const [databaseReading, redisReading, limiterReading] = await Promise.all([
    checkStore(clock, () => database.ping()),
    redis,
    config.rateLimit.enabled ? askLimiter() : null,
  ])
  return { database: databaseReading, redis: redisReading, limiter: limiterReading }
}

function describeModule(
  { config, probes }: ReadingDeps,
  { state, change }: PowerReading,
  name: UpstreamName,
  health: HealthReading | null | undefined,
): ModuleReading {
  if (!probes[name]) return { word: moduleWord(config, state, name, null), health: null, reason: 'not_configured' }
  const word = moduleWord(config, state, name, health ?? { up: false })
  if (!health) return { word, health: null, reason: 'not_measured_in_time' }
  const isStray = word === 'UP' && !isOpen(config, state, name)
  return { word, health, reason: changeReason(change, name) ?? (isStray ? 'runs_without_window' : health.reason) }
}

/** What madre does with the module right now, for this gateway. */
function changeReason(change: PowerReading['change'], name: UpstreamName): string | null {
  if (!change || change.state === 'working' || !change.services?.includes(vx11Services[name].service)) return null
  return change.state
}

function reasonsFor({ degraded }: PowerReading, modules: Reading['modules'], stores: Stores): string[] {
  const down = upstreamNames.filter((name) => modules[name].word === 'DOWN')
  const silent = Object.entries(stores).filter(([, store]) => store !== null && !store.ok)
  return [
    ...down.map((name) => `${moduleName(name)}: ${modules[name].reason}`),
    ...(degraded ? ['madre: power state unknown'] : []),
    ...silent.map(([name, store]) => `${name}: ${store.reason}`),
  ]
}

/** What every view says first. */
export const verdictOf = ({ reasons }: Pick<Reading, 'reasons'>) => {
  const degraded = reasons.length > 0
  return { status: degraded ? ('degraded' as const) : ('ok' as const), degraded, reasons }
}

/** `late` when the work takes too long; the work itself goes on. */
async function inTime<T>(clock: ReadingDeps['clock'], ms: number, work: Promise<T>, late: () => T): Promise<T> {
  const tooLate = new Error('late')
  try {
    return await withTimeout(clock, ms, work, () => tooLate)
  } catch (error) {
    if (error !== tooLate) throw error
    return late()
  }
}
