/** A shared Limiter with a local fallback: after one failure the shared store is not used until it is back. */
import type { Outage } from '../../lib/outage.ts'
import type { Clock, Limiter, LimitRule, LimitVerdict } from '../../ports/index.ts'

interface StandInOptions {
  shared: Limiter
  local: Limiter
  outage: Outage
  clock: Pick<Clock, 'monotonic'>
  /** Lets a check of the shared store continue after the request that began it. */
  background: (work: Promise<unknown>) => void
}

/** Interval of checks of the shared store, while there are requests. */
const askAgainMs = 1000

export function fallbackLimiter({ shared, local, outage, clock, background }: StandInOptions): Limiter {
  let askedAt = Number.NEGATIVE_INFINITY

  const failed = (error: unknown) => {
    askedAt = clock.monotonic()
    outage.failed(error)
  }
  const ping = async () => {
    try {
      await shared.ping()
      outage.worked()
    } catch (error) {
      failed(error)
      throw error
    }
  }
  const askAgain = () => {
    if (clock.monotonic() - askedAt < askAgainMs) return
    askedAt = clock.monotonic()
    background(ping().catch(() => {}))
  }

  function ask(kind: 'take' | 'peek', key: string, rule: LimitRule): LimitVerdict | Promise<LimitVerdict> {
    const countLocally = async (): Promise<LimitVerdict> => {
      outage.missed()
      return { ...(await local[kind](key, rule)), fallback: true }
    }
    if (outage.lasts) {
      askAgain()
      return countLocally()
    }
    const lost = (error: unknown) => {
      failed(error)
      return countLocally()
    }
    return Promise.resolve(shared[kind](key, rule)).catch(lost)
  }

  return {
    store: shared.store,
    take: (key, rule) => ask('take', key, rule),
    peek: (key, rule) => ask('peek', key, rule),
    ping,
    isUnavailable: () => outage.lasts,
  }
}
