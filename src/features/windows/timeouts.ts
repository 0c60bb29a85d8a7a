/** Waits for madre up to a limit; after it the work continues in the background and the log records a failure. */
import { withTimeout } from '../../lib/with-timeout.ts'
import type { Deps } from '../../ports/index.ts'

type TimeoutDeps = Pick<Deps, 'background' | 'clock' | 'log'>

/** Null when it takes longer. `failed` is the log's word for work that fails after that. */
export async function withRelayTimeout<T>(
  { background, clock, log }: TimeoutDeps,
  ms: number,
  work: Promise<T>,
  { failed, correlationId }: { failed: string; correlationId: string },
): Promise<T | null> {
  const late = new Error('late')
  try {
    return await withTimeout(clock, ms, work, () => late)
  } catch (error) {
    if (error !== late) throw error
    const warn = (reason: Error) => log.warn(failed, { correlation_id: correlationId, reason: reason.message })
    background(work.catch(warn))
    return null
  }
}
