/** Opens, extends and closes madre's power window, also when madre restarted with one (contract madre/windows). */

import * as v from 'valibot'
import type { Config } from '../../config/config.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { parseMoment } from '../../lib/moment.ts'
import { isoMomentOrNull } from '../../lib/moment-forms.ts'
import { singleFlight } from '../../lib/single-flight.ts'
import type { PowerPolicy, PowerReading } from '../../modules/power/power-policy.ts'
import { powerWindow, WindowMoments } from '../../modules/power/power-state.ts'
import type { Deps } from '../../ports/index.ts'
import { askJson } from '../../upstream/ask.ts'
import { probeLimits } from '../../upstream/health/health-probe.ts'
import { windowFirstByteMs } from '../../upstream/operations.ts'
import {
  type AskMadreDeps,
  type Caller,
  type MadreAnswer,
  objectOf,
  tellMadre,
  windowError,
  windowWords,
} from './madre.ts'
import type { ExtendBy, OpenWindow, WindowChange } from './schema.ts'
import { describeWindowStatus, type WindowStatusDeps } from './status.ts'

export type WindowDeps = AskMadreDeps &
  WindowStatusDeps &
  Pick<Deps, 'announce' | 'log' | 'probes'> & { policy: PowerPolicy }

export interface WindowService {
  /** Rejects with a window's error. Takes as long as madre does: seconds for each service. */
  open(request: OpenWindow, caller: Caller, renewal?: RenewalRequest): Promise<WindowChange>
  /** Rejects with `not_implemented` for a real madre: she cannot, and closing her window would stop its services. */
  extend(request: ExtendBy, caller: Caller): Promise<WindowChange>
  close(caller: Caller): Promise<WindowChange>
}

/** What `extend=true` asks for. */
export interface RenewalRequest {
  maxTtlS: number
}

/** Longer than closing all that a window may hold. */
const recoveryTimeoutMs = 400_000

export function windowService(deps: WindowDeps): WindowService {
  const { config, clock, log, policy } = deps
  const share = singleFlight<boolean>(clock, recoveryTimeoutMs)

  const post = (action: 'open' | 'extend' | 'close', json: unknown, caller: Caller, services: number) => {
    const limits = { firstByteMs: windowFirstByteMs(services) }
    return tellMadre(deps, { target: `/madre/power/window/${action}`, json, limits, caller })
  }

  /**
   * After its restart the real madre cannot report its state and yet refuses a new window, until an operator closes the
   * old one; that fails as well, and works. Looking and closing are one flight, or a late caller would close the window
   * that an early one has just opened.
   */
  const recover = (caller: Caller) =>
    share('recover', async () => {
      const question = { target: '/madre/power/state', limits: probeLimits, correlationId: caller.correlationId }
      const state = await askJson({ config, upstreams: deps.probes }, 'madre', question)
      if (state !== 'status_500') return false
      log.warn('window_recovered', { correlation_id: caller.correlationId, upstream: 'madre' })
      await post('close', {}, caller, config.windowServices.length)
      return true
    })

  /** After her restart the real madre fails to close the old window, closes it all the same, and stops nothing. */
  const isStuck = async () => (await policy.read()).reason === 'status_500'

  return {
    async open(request, caller, renewal) {
      refuseForeign(request.services, config.windowServices)
      const json = { ...madreRequest(request), ...(renewal && withRenewal(config, request, renewal)) }
      const attempt = () => post('open', json, caller, request.services.length)
      let answer = await attempt()
      if ((answer.status === 409 || answer.status === 500) && (await recover(caller))) answer = await attempt()
      const opened = v.parse(Opened, objectOf(complete(Opened, answer), windowWords))
      return describeOpened(deps, opened, caller.correlationId)
    },

    async extend({ ttlS }, caller) {
      if (config.upstreams.madre.kind !== 'embedded') throw windowError('not_implemented', { detail: noExtension })
      const { window } = (await policy.read()).state
      if (!window) throw windowError('no_active_window')
      if (window.endsAtMs === null)
        throw invalid(['body', 'ttl_seconds'], 'This window is held open and has no deadline')
      const answer = await post('extend', { window_id: window.id, ttl_sec: ttlS }, caller, 0)
      const extended = v.parse(Opened, objectOf(complete(Opened, answer), windowWords))
      tellExtended(deps, extended, caller)
      return describeOpened(deps, extended, caller.correlationId)
    },

    async close(caller) {
      const before = await policy.read()
      const attempt = () => post('close', {}, caller, config.windowServices.length)
      let answer = await attempt()
      if (answer.status === 500 && (await isStuck())) answer = await attempt()
      const after = await policy.read()
      const isClosed = answer.status === 500 && !after.degraded && after.state.window === null
      const closed = isClosed
        ? { window_id: before.state.window?.id ?? null, closed_at: null, services_stopped: [] }
        : v.parse(Closed, objectOf(complete(Closed, answer), windowWords))
      return {
        ...(await describeWindowStatus(deps, after, caller.correlationId)),
        window_id: closed.window_id,
        state: 'closed' as const,
        services_started: [],
        services_stopped: closed.services_stopped,
        closed_at: isoMomentOrNull(closed.closed_at ?? clock.now()),
      }
    },
  }
}

const madreRequest = ({ ttlS, ...request }: OpenWindow) => ({ ...request, ttl_sec: ttlS })

/**
 * A real madre knows no renewal and would ignore it. Closing her window and opening another would stop
 * the services that are in use, so it is not offered there.
 */
function withRenewal({ upstreams }: Pick<Config, 'upstreams'>, request: OpenWindow, { maxTtlS }: RenewalRequest) {
  if (upstreams.madre.kind !== 'embedded') throw windowError('not_implemented', { detail: noRenewal })
  if (request.mode !== 'ttl') throw invalidQuery('extend', 'Only a window of mode ttl is renewed')
  if (maxTtlS < request.ttlS) throw invalidQuery('max_ttl_seconds', 'Less than ttl_seconds')
  return { extend: true, max_ttl_sec: maxTtlS }
}

function tellExtended({ announce }: WindowDeps, { window_id, deadline }: Opened, caller: Caller): void {
  const until = isoMomentOrNull(deadline)
  const summary = `Power window ${window_id} was extended until ${until}`
  const payload = { window_id, deadline: until, principal: caller.principal }
  const { correlationId } = caller
  announce({ type: 'gateway.window.extended', severity: 'info', module: 'madre', summary, payload, correlationId })
}

const noExtension =
  'Only the embedded madre moves the deadline of a window. A real one can only close it, which stops its services.'

const noRenewal =
  'Only the embedded madre renews windows. Open this one with a longer ttl_seconds, or with mode hold and close it.'

const invalid = (loc: [string, string], msg: string) =>
  new GatewayError('validation_error', { issues: [{ loc, msg, type: 'value_error' }] })

const invalidQuery = (name: string, msg: string) => invalid(['query', name], msg)

const Names = v.fallback(v.array(v.string()), [])
const Opened = v.object({ ...WindowMoments.entries, window_id: v.string(), services_started: Names })
type Opened = v.InferOutput<typeof Opened>
const Closed = v.object({
  window_id: v.string(),
  closed_at: v.fallback(v.nullable(v.pipe(v.string(), v.transform(parseMoment))), null),
  services_stopped: Names,
})

/** An answer that lacks what makes it one is none: objectOf then calls it a failure of madre's. */
const complete = (schema: v.GenericSchema, answer: MadreAnswer): MadreAnswer =>
  answer.status !== 200 || v.is(schema, answer.json) ? answer : { ...answer, json: undefined }

/** Madre's state names the services that run; where it has moved on already, its answer does. */
async function describeOpened(deps: WindowDeps, answer: Opened, correlationId: string) {
  const window = powerWindow(answer, deps.clock.now())
  const reading = await deps.policy.read()
  const seen = reading.state.window?.id === window.id ? reading.state.activeServices : answer.services_started
  const opened: PowerReading = { state: { window, activeServices: seen }, degraded: false, reason: null, change: null }
  const status = await describeWindowStatus(deps, opened, correlationId)
  return {
    ...status,
    state: 'open' as const,
    services_started: answer.services_started,
    services_stopped: [],
    closed_at: null,
  }
}

export function refuseForeign(services: readonly string[], allowed: readonly string[]): void {
  if (services.every((name) => allowed.includes(name))) return
  throw windowError('service_not_allowed', { detail: `Allowed are ${allowed.join(', ')}.` })
}
