/** Caches madre's power state for two seconds and decides which modules may be reached. */
import * as v from 'valibot'
import { windowTurned } from '../../announcements.ts'
import type { UpstreamName } from '../../config/config.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { cachedCall } from '../../lib/cached-call.ts'
import type { Deps, Upstream, Upstreams } from '../../ports/index.ts'
import { askJson } from '../../upstream/ask.ts'
import { probeLimits } from '../../upstream/health/health-probe.ts'
import { unavailableCode } from '../../upstream/target.ts'
import { type Admission, admission } from './admission.ts'
import { MadrePowerState, type PowerState, powerState, settled, soloMadre } from './power-state.ts'

export type PolicyDeps = Pick<Deps, 'announce' | 'config' | 'clock' | 'random' | 'probes'>

export interface PowerReading {
  state: PowerState
  /** True when madre did not answer: the state is the last known one, or solo_madre. */
  degraded: boolean
  /** Why madre did not answer, as a coarse word. */
  reason: string | null
}

export interface PowerPolicy {
  /** Never rejects. */
  read(): Promise<PowerReading>
  /** The last known state, without a request; degraded until madre answered, and after a failed read. */
  known(): PowerReading
  /** May requests go to that module now, and if not, what should the operator do? */
  admit(name: UpstreamName): Promise<Admission>
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

  /** Reads that started before a power change are discarded. */
  const newReader = () => {
    const ask = cachedCall(clock, { freshForMs, timeoutMs }, async (): Promise<PowerReading> => {
      const told = await askPowerState(deps)
      if (ask === current) lastReason = typeof told === 'string' ? told : null
      if (typeof told === 'string') return { state: lastKnown, degraded: true, reason: told }
      if (ask === current) {
        announceTurn(deps, lastKnown, told)
        lastKnown = told
      }
      return { state: told, degraded: false, reason: null }
    })
    return ask
  }
  let current = newReader()

  const settledNow = (reading: PowerReading): PowerReading => ({
    ...reading,
    state: settled(reading.state, config.windowServices, clock.now()),
  })
  const read = async (): Promise<PowerReading> => settledNow(await current())
  async function admit(name: UpstreamName): Promise<Admission> {
    return admission(config, deps.probes[name] !== undefined, await read(), name)
  }
  return {
    read,
    known: () => settledNow({ state: lastKnown, degraded: lastReason !== null, reason: lastReason }),
    admit,
    async require(name) {
      const verdict = await admit(name)
      if (!verdict.allowed) throw refusalOf(name, verdict)
    },
    watch: (upstreams) => {
      if (!upstreams.madre) return upstreams
      const forget = () => {
        current = newReader()
      }
      return { ...upstreams, madre: afterChanges(upstreams.madre, forget) }
    },
  }
}

/** A real madre publishes no window events, so the gateway does. The embedded madre publishes its own. */
function announceTurn({ announce, clock, config }: PolicyDeps, before: PowerState, now: PowerState): void {
  if (config.upstreams.madre.kind === 'embedded' || before.window?.id === now.window?.id) return
  const told = ({ window, activeServices }: PowerState) =>
    window?.id ? { id: window.id, services: activeServices, deadlineMs: window.deadlineMs, reason: null } : undefined
  const [ended, opened] = [told(before), told(now)]
  const isOver = (before.window?.endsAtMs ?? Number.POSITIVE_INFINITY) <= clock.now()
  if (ended) announce(windowTurned(isOver ? 'expired' : 'closed', ended))
  if (opened) announce(windowTurned('opened', opened))
}

/** The power state, or the reason why it could not be read. */
async function askPowerState({ config, clock, probes, random }: PolicyDeps): Promise<PowerState | string> {
  const question = { target: '/madre/power/state', limits: probeLimits, correlationId: random.uuid() }
  const answer = await askJson({ config, upstreams: probes }, 'madre', question)
  if (answer === null) return 'not_configured'
  if (typeof answer === 'string') return answer
  const told = v.safeParse(MadrePowerState, answer.json)
  return told.success ? powerState(told.output, clock.now()) : 'malformed_answer'
}

/** Also after one that failed: madre may have done it all the same. */
const afterChanges =
  (madre: Upstream, forget: () => void): Upstream =>
  async (target, init) => {
    if (init.method === 'GET' || init.method === 'HEAD' || !target.startsWith('/madre/power/'))
      return madre(target, init)
    try {
      return await madre(target, init)
    } finally {
      forget()
    }
  }

function refusalOf(name: UpstreamName, verdict: Exclude<Admission, { allowed: true }>): GatewayError {
  if (verdict.state !== 'OFF_BY_POLICY') return new GatewayError(unavailableCode(name), { detail: verdict.hint })
  const { policy, service, reason, hint, recommendedAction } = verdict
  const message = `Disabled by ${policy.toUpperCase()} policy`
  const refusal = { policy, service, reason, message, hint, recommendedAction }
  return new GatewayError('off_by_policy', { detail: hint, policy: refusal })
}
