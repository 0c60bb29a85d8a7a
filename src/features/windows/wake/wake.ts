/** Wakes a sleeping module for a request that asks for it, and lets the request wait until the module answers. */
import type { UpstreamName } from '../../../config/config.ts'
import type { Principal } from '../../../config/principal.ts'
import { vx11Services } from '../../../config/vx11.ts'
import { onDatabase } from '../../../db/database-timeout.ts'
import { type ErrorCode, GatewayError } from '../../../errors/gateway-error.ts'
import { singleFlight } from '../../../lib/single-flight.ts'
import { withTimeout } from '../../../lib/with-timeout.ts'
import type { ActOutcome } from '../../../modules/audit/act.ts'
import type { BeginAct } from '../../../modules/audit/attempt.ts'
import type { RecordAct } from '../../../modules/audit/record.ts'
import type { Opened, Wake, WakeRequest } from '../../../modules/power/wake.ts'
import type { CancelSignal, Deps } from '../../../ports/index.ts'
import { isReady, untilReady } from '../ready.ts'
import { type Opening, type OpeningDeps, openOrJoin } from './opening.ts'
import { writtenDown } from './written-down.ts'

export type WakeDeps = OpeningDeps &
  Pick<Deps, 'background' | 'database' | 'metrics'> & { beginAct: BeginAct; recordAct: RecordAct }

export function waking(deps: WakeDeps): Wake {
  const { clock, config } = deps
  // Longer than any request waits, so that those who wait never open a second one.
  const share = singleFlight<Opened>(clock, 2 * config.wake.timeoutMs)

  /** By service: its window may be open before it answers. */
  const wakingNow = new Map<string, Promise<Opened>>()
  const begin = (service: string, flight: Promise<Opened>) => {
    wakingNow.set(service, flight)
    const ended = () => {
      if (wakingNow.get(service) === flight) wakingNow.delete(service)
    }
    // On workerd it must go on after the answer of whoever began it.
    deps.background(flight.then(ended, ended))
  }

  return async function wake(name, request) {
    const verdict = await deps.policy.admit(name)
    const { service } = vx11Services[name]
    const already = wakingNow.get(service)
    if (verdict.allowed) return already ? patiently(deps, already, request.signal) : null
    // What is not configured is refused by the route itself: a window would not help.
    if (verdict.state !== 'OFF_BY_POLICY') return null
    try {
      refuseUnlawful(deps, request.principal)
      const flight = share(service, () => wakeOnce(deps, name, request))
      begin(service, flight)
      return await patiently(deps, flight, request.signal)
    } catch (error) {
      const code = error instanceof GatewayError ? error.code : 'internal_error'
      deps.metrics.wakeEnded(outcomes[code] ?? 'failed')
      const outcome: ActOutcome = code === 'wake_timeout' || !(code in outcomes) ? 'failed' : 'refused'
      act(deps, request, { service, outcome, error: code, after: null })
      throw error
    }
  }
}

const outcomes: Readonly<Partial<Record<ErrorCode, string>>> = {
  wake_not_allowed: 'not_allowed',
  wake_budget_spent: 'budget_spent',
  wake_timeout: 'timeout',
  window_already_active: 'other_window',
  service_not_allowed: 'not_allowed',
}

function refuseUnlawful({ config }: WakeDeps, principal: Principal | undefined): void {
  const reason = !config.wake.enabled
    ? 'VX11_WAKE_ENABLED is off.'
    : !config.controlEnabled
      ? 'VX11_OPERATOR_CONTROL_ENABLED is off.'
      : principal?.scopes.some((scope) => scope === 'admin' || scope === 'wake')
        ? null
        : 'It takes a token with the scope admin or wake.'
  if (reason !== null) throw new GatewayError('wake_not_allowed', { detail: `Nothing was woken. ${reason}` })
}

async function wakeOnce(deps: WakeDeps, name: UpstreamName, request: WakeRequest): Promise<Opened> {
  const { announce, clock, config, metrics } = deps
  const { idleS, maxS, timeoutMs } = config.wake
  const { service } = vx11Services[name]
  const { correlationId } = request.actor
  const principal = request.principal?.name ?? 'local'
  const startedAt = clock.monotonic()
  const attempt = writtenDown(deps, service, request.actor)
  try {
    const opened = await openOrJoin(deps, {
      ...{ services: [service], ttlS: idleS, idle: { idleS, maxS }, by: 'request', name: principal },
      caller: { correlationId, principal },
      budget: budget(deps),
      begin: attempt.begin,
    })
    const ready = await untilReady(deps, [service], startedAt + timeoutMs)
    if (!isReady(ready)) throw new GatewayError('wake_timeout', { retryAfterMs: retryMs })
    metrics.wakeEnded(opened.outcome)
    if (opened.outcome === 'joined') return opened
    const waited_ms = Math.round(clock.monotonic() - startedAt)
    const payload = { window_id: opened.windowId, services: [service], by: 'request', name: principal, waited_ms }
    const summary = `${principal} woke ${service} with a request`
    announce({ type: 'gateway.window.woken', severity: 'info', module: 'madre', summary, payload, correlationId })
    act(deps, request, { service, outcome: 'done', error: null, after: payload }, attempt.end())
    return opened
  } finally {
    attempt.drop()
  }
}

const retryMs = 5000

/** Of all instances that share the database, exactly. */
function budget(deps: WakeDeps): NonNullable<Opening['budget']> {
  const at = deps.clock.now()
  return {
    async take() {
      const taken = await onDatabase(deps, () => deps.store.takeOpening(deps.config.wake.perHour, at))
      if (!taken.allowed) throw new GatewayError('wake_budget_spent', { retryAfterMs: taken.retryAfterMs })
    },
    // What could not be given back is free again after an hour.
    giveBack: () => deps.store.returnOpening(at).catch(() => {}),
  }
}

/** Each caller waits for itself: one that leaves, or came late, ends nobody else's waiting. */
async function patiently({ clock, config }: WakeDeps, flight: Promise<Opened>, signal: CancelSignal): Promise<Opened> {
  const left = Promise.withResolvers<never>()
  const leave = () => left.reject(new GatewayError('client_closed_request'))
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, { once: true })
  const late = () => new GatewayError('wake_timeout', { retryAfterMs: retryMs })
  try {
    return await withTimeout(clock, config.wake.timeoutMs + graceMs, Promise.race([flight, left.promise]), late)
  } finally {
    signal.removeEventListener('abort', leave)
    left.promise.catch(() => {})
  }
}

/** A probe of health that is under way at the end may still say yes. */
const graceMs = 1000

function act(
  { background, recordAct }: WakeDeps,
  { actor }: WakeRequest,
  { service, ...came }: { service: string; outcome: ActOutcome; error: string | null; after: unknown },
  attempt: number | null = null,
): void {
  const recorded = recordAct(
    { act: 'window.wake', target: service, before: null, ...came },
    actor,
    actor.principal ?? actor.address,
    attempt,
  )
  if (recorded) background(recorded)
}
