/** What the gateway does by itself once a minute: a timer calls it on Node, a cron trigger on workerd. */
import { readReadiness } from './features/health/service.ts'
import type { Deps } from './ports/index.ts'

export interface PeriodicDeps extends Pick<Deps, 'clock' | 'lifecycle' | 'minutely' | 'readiness' | 'log'> {
  /** Records that a power window's deadline came; absent where a real madre does that itself. */
  announceExpiry?: () => Promise<void>
  /** Runs the weekly maintenance when it is due. */
  maintainWhenDue?: () => Promise<void>
  /** Writes the minute's measurements down. */
  flushMetrics?: () => Promise<void>
  /** Removes what is remembered of idempotency keys whose time is over. */
  forgetKeys?: () => Promise<void>
}

/** Looks at the stores, the power window and itself even when nobody asks, so that log and database tell what happened. */
export async function everyMinute(deps: PeriodicDeps): Promise<void> {
  const work = [...deps.minutely].map((each) => each())
  await Promise.all([
    readReadiness(deps),
    deps.announceExpiry?.(),
    deps.flushMetrics?.(),
    deps.maintainWhenDue?.(),
    deps.forgetKeys?.(),
    ...work,
  ])
}
