/** What the gateway does by itself once a minute: a timer calls it on Node, a cron trigger on workerd. */
import { readReadiness } from './features/health/service.ts'
import type { Deps } from './ports.ts'

/** Looks at the stores even when nobody asks, so that the log tells when one went away. */
export async function everyMinute(deps: Pick<Deps, 'clock' | 'lifecycle' | 'readiness' | 'log'>): Promise<void> {
  await readReadiness(deps)
}
