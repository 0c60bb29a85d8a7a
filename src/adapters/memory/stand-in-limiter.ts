/** A shared Limiter with a local one that stands in while the shared store is away: one wait, then none. */
import type { Outage } from '../../lib/outage.ts'
import type { Clock, Limiter, LimitRule, LimitVerdict } from '../../ports/index.ts'

interface StandInOptions {
  shared: Limiter
  local: Limiter
  outage: Outage
  clock: Pick<Clock, 'monotonic'>
  /** Lets a look at the shared store outlive the request that began it. */
  background: (work: Promise<unknown>) => void
}

/** While requests come, the shared store is asked again this often. */
const askAgainMs = 1000

export function standInLimiter({ shared, local, outage, clock, background }: StandInOptions): Limiter {
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
    const standIn = async (): Promise<LimitVerdict> => {
      outage.missed()
      return { ...(await local[kind](key, rule)), standIn: true }
    }
    if (outage.lasts) {
      askAgain()
      return standIn()
    }
    const lost = (error: unknown) => {
      failed(error)
      return standIn()
    }
    return Promise.resolve(shared[kind](key, rule)).catch(lost)
  }

  return {
    store: shared.store,
    take: (key, rule) => ask('take', key, rule),
    peek: (key, rule) => ask('peek', key, rule),
    ping,
    isAway: () => outage.lasts,
  }
}
