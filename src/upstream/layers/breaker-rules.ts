/** When an upstream's circuit opens and how long it stays so; docs/proxying.md shows what the numbers cost. */
import type { Config } from '../../config/config.ts'
import type { BreakerRules } from '../../lib/breaker.ts'

/** A restart that takes a moment opens nothing: failures have to last, and to be most of what happens. */
export const breakerRules = ({ failures, cooldownMs }: Config['breaker']): BreakerRules => ({
  failures,
  cooldownMs,
  firstCooldownMs: Math.min(1000, cooldownMs),
  minSpanMs: failures === 1 ? 0 : 1000,
  share: { failed: 0.6, calls: 20, windowMs: 10_000 },
})

/** Those of the running configuration, which may be another after a reload. */
export function currentRules(
  config: Pick<Config, 'breaker'>,
  rulesOf: (breaker: Config['breaker']) => BreakerRules,
): () => BreakerRules {
  let [breaker, rules] = [config.breaker, rulesOf(config.breaker)]
  return () => {
    if (breaker !== config.breaker) [breaker, rules] = [config.breaker, rulesOf(config.breaker)]
    return rules
  }
}

/** An address is set aside sooner than an upstream is given up: others take its requests. */
export const addressRules = (breaker: Config['breaker']): BreakerRules => ({ ...breakerRules(breaker), minSpanMs: 0 })
