/** Limiter on Cloudflare: one Durable Object per key, which handles its requests one at a time. */
import { DurableObject } from 'cloudflare:workers'
import { type Decision, decide, type Rate } from '../../lib/gcra.ts'
import type { Limiter, LimitRule, LimitVerdict } from '../../ports/index.ts'
import { storeLimitKey } from '../system/store-key.ts'

/**
 * Cloudflare keeps an object in memory for at least 10 s after its last request. Debt that is paid back well within
 * that needs no storage: a key far from its limit costs no writes, one near it a write per request.
 */
const EVICTION_SAFE_MS = 5_000

// One object per key, not per shard: it is placed near its caller, keys do not block each other, nothing needs sweeping.
export class LimiterObject extends DurableObject {
  private tat: number | undefined
  private hasAlarm = false

  constructor(state: DurableObjectState, env: Cloudflare.Env) {
    super(state, env)
    void state.blockConcurrencyWhile(async () => {
      this.tat = await state.storage.get<number>('tat')
    })
  }

  take(rate: Rate): LimitVerdict {
    const decision = decide(this.tat, rate, Date.now())
    if (decision.allowed) this.keep(decision)
    return verdictOf(decision)
  }

  peek(rate: Rate): LimitVerdict {
    return verdictOf(decide(this.tat, rate, Date.now(), 0))
  }

  ping(): void {}

  /** Once the whole allowance is back, an empty object gives the same verdicts, so its storage is deleted. */
  override async alarm(): Promise<void> {
    const resetAt = Math.ceil((this.tat ?? 0) / 1000)
    if (resetAt > Date.now()) return this.ctx.storage.setAlarm(resetAt)
    this.hasAlarm = false
    await this.ctx.storage.deleteAll()
  }

  /** Unconfirmed writes: the answer does not wait for the disk; a crash in those milliseconds may lose a request. */
  private keep({ tat, resetMs }: Decision): void {
    this.tat = tat
    if (resetMs < EVICTION_SAFE_MS) return
    void this.ctx.storage.put('tat', tat, { allowUnconfirmed: true })
    if (!this.hasAlarm) void this.ctx.storage.setAlarm(Date.now() + resetMs, { allowUnconfirmed: true })
    this.hasAlarm = true
  }
}

const verdictOf = ({ tat: _, ...verdict }: Decision): LimitVerdict => verdict

export function durableObjectLimiter(namespace: DurableObjectNamespace<LimiterObject>): Limiter {
  const objectFor = (name: string) => namespace.get(namespace.idFromName(name))
  const objectOf = (key: string, rule: LimitRule) => objectFor(storeLimitKey(key, rule.name))
  return {
    store: 'durable_object',
    take: async (key, rule) => objectOf(key, rule).take(rateOf(rule)),
    peek: async (key, rule) => objectOf(key, rule).peek(rateOf(rule)),
    ping: async () => objectFor('ping').ping(),
  }
}

const rateOf = ({ limit, windowMs }: LimitRule): Rate => ({ limit, windowMs })
