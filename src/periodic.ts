/** What the gateway does by itself once a minute: a timer calls it on Node, a cron trigger on workerd. */
import { readReadiness } from './features/health/service.ts'
import type { Deps } from './ports.ts'

export interface PeriodicDeps extends Pick<Deps, 'chores' | 'clock' | 'lifecycle' | 'readiness' | 'log'> {
  /** Records that a power window's deadline came; absent where a real madre does that itself. */
  announceExpiry?: () => Promise<void>
}

/** Looks at the stores and the power window even when nobody asks, so that log and database tell what happened. */
export async function everyMinute(deps: PeriodicDeps): Promise<void> {
  const chores = [...deps.chores].map((chore) => chore())
  await Promise.all([readReadiness(deps), deps.announceExpiry?.(), ...chores])
}
