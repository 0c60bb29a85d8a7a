/** Describes the power window in the one shape that both generations of consoles read (contract shared/shapes). */
import { isoMomentOrNull } from '../../lib/moment-forms.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { PowerPolicy, PowerReading } from '../../modules/power/power-policy.ts'
import { modeOf, type PowerState, policyWord, windowWord } from '../../modules/power/power-state.ts'
import type { Deps } from '../../ports/index.ts'
import { type ActivityDeps, describeUse } from '../../upstream/layers/activity.ts'
import type { WindowStatus } from './schema.ts'

export type WindowStatusDeps = ActivityDeps &
  Pick<Deps, 'healthChecks' | 'readiness'> & { policy: Pick<PowerPolicy, 'read'> }

interface StatusCaller {
  correlationId: string
  acceptedMs: number | undefined
}

export const readWindowStatus = async (
  deps: WindowStatusDeps,
  { correlationId, acceptedMs }: StatusCaller,
): Promise<WindowStatus> => describeWindowStatus(deps, await deps.policy.read(acceptedMs), correlationId)

export async function describeWindowStatus(
  deps: WindowStatusDeps,
  reading: PowerReading,
  correlationId: string,
): Promise<WindowStatus> {
  const { state, degraded, reason, change } = reading
  const { window } = state
  return {
    status: degraded ? 'error' : windowWord(reading),
    mode: policyWord(state),
    ...describePower(state, deps.clock.now()),
    ttl_seconds: secondsLeft(state, deps.clock.now()),
    services: [...new Set([...state.activeServices, 'tentaculo_link'])],
    renewal: describeRenewal(window),
    activity: window ? describeUse(deps, state.activeServices) : {},
    degraded,
    health: degraded ? 'degraded' : 'ok',
    change: change && { state: change.state, services: change.services && [...change.services], reason: change.reason },
    madre_status: degraded ? await madreWord(deps, reason) : 'UP',
    redis_status: await redisWord(deps),
    tentaculo_status: 'UP',
    reason,
    correlation_id: correlationId,
  }
}

const describeRenewal = (window: PowerState['window']): WindowStatus['renewal'] =>
  window?.renewal
    ? { ttl_seconds: window.renewal.ttlMs / 1000, until: new Date(window.renewal.untilMs).toISOString() }
    : null

/** What the power state and the window status have in common. */
export const describePower = (state: PowerState, now: number) => ({
  policy: modeOf(state),
  window_id: state.window?.id ?? null,
  created_at: isoMomentOrNull(state.window?.createdAtMs),
  deadline: isoMomentOrNull(state.window?.deadlineMs),
  ttl_remaining_sec: secondsLeft(state, now),
  active_services: [...state.activeServices],
})

const secondsLeft = ({ window }: PowerState, now: number): number | null =>
  window?.endsAtMs == null ? null : Math.max(0, Math.floor((window.endsAtMs - now) / 1000))

/** After a restart the real madre answers, but not with her power state. A madre that does not answer is never UP. */
async function madreWord({ healthChecks }: WindowStatusDeps, reason: string | null) {
  if (reason === 'not_configured') return 'DORMANT'
  if (!/^(status_|malformed)/.test(reason ?? '')) return 'DOWN'
  const health = await healthChecks.read('madre')
  if (health === null) return 'DORMANT'
  return health.up ? 'UP' : 'DOWN'
}

const redisTimeoutMs = 1000

async function redisWord({ clock, readiness }: WindowStatusDeps) {
  if (!readiness.redis) return 'DORMANT'
  const ping = withTimeout(clock, redisTimeoutMs, readiness.redis(), () => new Error('late'))
  return ping.then(
    () => 'UP' as const,
    () => 'DOWN' as const,
  )
}
