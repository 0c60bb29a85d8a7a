/** The real Clock, from web platform APIs only. */
import type { CancelSignal, Clock } from '../../ports/index.ts'

/** A longer timer fires at once, on Node and on workerd. */
const MAX_TIMER_MS = 2 ** 31 - 1

export const systemClock = (): Clock => ({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep,
})

function sleep(ms: number, signal?: CancelSignal): Promise<void> {
  if (signal?.aborted) return Promise.reject(signal.reason)
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const wake = (): void => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }
    const timer = setTimeout(wake, ms > 0 ? Math.min(ms, MAX_TIMER_MS) : 0)
    signal?.addEventListener('abort', abort, { once: true })
  })
}
