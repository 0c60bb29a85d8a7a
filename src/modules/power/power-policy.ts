/** Caches madre's power state for two seconds and decides which modules may be reached. */
import * as v from 'valibot'
import { windowTurned } from '../../announcements.ts'
import type { UpstreamName } from '../../config/config.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { cachedCall } from '../../lib/cached-call.ts'
import type { Deps, Upstreams } from '../../ports/index.ts'
import { askJson } from '../../upstream/ask.ts'
import { probeLimits } from '../../upstream/health/health-probe.ts'
import { unavailableCode } from '../../upstream/target.ts'
import { type Admission, admission, isOpen, needsWindow } from './admission.ts'
import { type PowerChange, type PowerChanges, powerChanges } from './power-change.ts'
import { MadrePowerState, type PowerState, powerState, settled, soloMadre, withoutWindow } from './power-state.ts'

export type PolicyDeps = Pick<Deps, 'announce' | 'config' | 'clock' | 'random' | 'probes'>

export interface PowerReading {
  state: PowerState
  /** True when madre did not answer: the state is the last known one, or solo_madre. */
  degraded: boolean
  /** Why madre did not answer, as a coarse word. */
  reason: string | null
  /** What madre works on for this gateway; her silence is no fault then. */
  change: PowerChange | null
}

export interface PowerPolicy {
  /** At most two seconds old, or as old as the caller accepts. Never rejects. */
  read(acceptedMs?: number): Promise<PowerReading>
  /** The last known state, without a request; degraded until madre answered, and after a failed read. */
  known(): PowerReading
  /** May requests go to that module now, and if not, what should the operator do? */
  admit(name: UpstreamName, acceptedMs?: number): Promise<Admission>
  /** Whether the policy lets that module run now. Never rejects. */
  shouldRun(name: UpstreamName): Promise<boolean>
  /** The same as a refusal: 403 off_by_policy, or 503 for a module that is not configured. */
  require(name: UpstreamName): Promise<void>
  /** The same upstreams; after a change to madre's power state it is asked for anew. */
  watch(upstreams: Upstreams): Upstreams
}

const freshForMs = 2000
/** Longer than the slowest probe. */
const timeoutMs = 2500

export function powerPolicy(deps: PolicyDeps): PowerPolicy {
  const { config, clock } = deps
  let lastKnown = soloMadre
  let lastReason: string | null = 'not_asked'
  const changes = powerChanges(clock)
  const isWindowService = (name: string) => config.windowServices.includes(name)
  const windows = windowAnnouncer(deps, changes)

  /** Reads that started before a power change are discarded. */
  const newReader = () => {
    const ask = cachedCall(clock, { freshForMs, timeoutMs }, async (): Promise<Omit<PowerReading, 'change'>> => {
      const read = await askPowerState(deps)
      if (ask === current) lastReason = typeof read === 'string' ? read : null
      if (typeof read === 'string') return { state: lastKnown, degraded: true, reason: read }
      if (ask === current) {
        windows.turned(lastKnown, read)
        lastKnown = read
      }
      return { state: read, degraded: false, reason: null }
    })
    return ask
  }
  let current = newReader()

  /** A window that closes lets nothing in any more. */
  function settledNow(reading: Omit<PowerReading, 'change'>): PowerReading {
    const change = namedChange(changes.current(), reading.state.activeServices.filter(isWindowService))
    const state = settled(reading.state, config.windowServices, clock.now())
    if (!change) return { ...reading, state, change }
    const shown = change.state === 'closing' ? withoutWindow(state, config.windowServices) : state
    const excused = reading.reason === 'upstream_timeout' || reading.reason === 'not_asked'
    return { state: shown, change, ...(excused ? { degraded: false, reason: null } : degradationOf(reading)) }
  }
  /** A real madre answers nothing while docker opens or closes; to ask would cost each caller two seconds. */
  const isBlocked = () =>
    config.upstreams.madre.kind !== 'embedded' && (changes.current()?.state ?? 'working') !== 'working'
  const known = () => settledNow({ state: lastKnown, degraded: lastReason !== null, reason: lastReason })
  const read = async (acceptedMs?: number): Promise<PowerReading> =>
    isBlocked() ? known() : settledNow(await current(acceptedMs))
  async function admit(name: UpstreamName, acceptedMs?: number): Promise<Admission> {
    return admission(config, deps.probes[name] !== undefined, await read(acceptedMs), name)
  }
  return {
    read,
    async shouldRun(name) {
      return !needsWindow(config, name) || isOpen(config, (await read()).state, name)
    },
    known,
    admit,
    async require(name) {
      const verdict = await admit(name)
      if (!verdict.allowed) throw refusalOf(name, verdict)
    },
    watch: (upstreams) => {
      if (!upstreams.madre) return upstreams
      const madre = changes.follow(upstreams.madre, (change, status) => {
        current = newReader()
        if (change.state !== 'closing' || status !== 200 || change.keepsWindow) return
        const closed = withoutWindow(lastKnown, config.windowServices)
        windows.turned(lastKnown, closed)
        lastKnown = closed
      })
      // The others may come and go.
      return Object.create(upstreams, { madre: { value: madre } })
    },
  }
}

/** A request to close names no services: they are those of the window. */
const namedChange = (change: PowerChange | null, services: readonly string[]): PowerChange | null =>
  change?.state === 'closing' && change.services === null ? { ...change, services } : change

const degradationOf = ({ degraded, reason }: Pick<PowerReading, 'degraded' | 'reason'>) => ({ degraded, reason })

/** A real madre publishes no window events, so the gateway does. The embedded madre publishes its own. */
function windowAnnouncer({ announce, clock, config }: PolicyDeps, changes: PowerChanges) {
  const isEmbedded = config.upstreams.madre.kind === 'embedded'
  /** The services of the window by its id, as they were asked for. */
  let asked: { id: string; services: readonly string[]; reason: string | null } | null = null

  function describe({ window, activeServices }: PowerState) {
    if (!window?.id) return undefined
    const held = asked?.id === window.id ? asked.services : activeServices.filter(isWindowService)
    return { id: window.id, services: held, deadlineMs: window.deadlineMs }
  }
  const isWindowService = (name: string) => config.windowServices.includes(name)

  function turned(before: PowerState, now: PowerState): void {
    if (isEmbedded || before.window?.id === now.window?.id) return
    const ended = describe(before)
    if (ended) {
      const isOver = (before.window?.endsAtMs ?? Number.POSITIVE_INFINITY) <= clock.now()
      const change = isOver ? null : changes.explain('closing', ended.services)
      const reason = change ? 'closed on request' : null
      announce(windowTurned(isOver ? 'expired' : 'closed', { ...ended, reason }, change ?? undefined))
    }
    const opened = describe(now)
    if (!opened) return
    const change = changes.explain('opening', opened.services)
    const services = change?.services ?? opened.services
    asked = { id: opened.id, services, reason: change?.reason ?? null }
    announce(windowTurned('opened', { ...opened, services, reason: asked.reason }, change ?? undefined))
  }
  return { turned }
}

/** The power state, or the reason why it could not be read. */
async function askPowerState({ config, clock, probes, random }: PolicyDeps): Promise<PowerState | string> {
  const question = { target: '/madre/power/state', limits: probeLimits, correlationId: random.uuid() }
  const answer = await askJson({ config, upstreams: probes }, 'madre', question)
  if (answer === null) return 'not_configured'
  if (typeof answer === 'string') return answer
  const parsed = v.safeParse(MadrePowerState, answer.json)
  if (!parsed.success) return 'malformed_answer'
  const state = powerState(parsed.output, clock.now())
  if (config.redisUrl !== null) return state
  // Madre counts VX11's Redis as always running; this gateway knows of none.
  return { ...state, activeServices: state.activeServices.filter((name) => name !== 'redis') }
}

function refusalOf(name: UpstreamName, verdict: Exclude<Admission, { allowed: true }>): GatewayError {
  if (verdict.state !== 'OFF_BY_POLICY') return new GatewayError(unavailableCode(name), { detail: verdict.hint })
  const { policy, service, reason, hint, recommendedAction } = verdict
  const message = `Disabled by ${policy.toUpperCase()} policy`
  const refusal = { policy, service, reason, message, hint, recommendedAction }
  return new GatewayError('off_by_policy', { detail: hint, policy: refusal })
}
