/** A Limiter on Cloudflare: every key is a Durable Object, which answers its requests one after another. */
import { DurableObject } from 'cloudflare:workers'
import { type Decision, decide, type Rate } from '../../lib/gcra.ts'
import type { Limiter, LimitRule, LimitVerdict } from '../../ports/index.ts'
import { storeLimitKey } from '../system/store-key.ts'

/**
 * Cloudflare evicts an object no sooner than 10 s after its last request. What passes well within that needs no
 * storage, so a key far from its limit costs no writes, and one near it costs a write per request.
 */
const EVICTION_SAFE_MS = 5_000

// One object per key and not per shard: it lives near its caller, no key waits for another, and none needs sweeping.
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

  /** Once the whole allowance is back, an object that remembers nothing says the same. */
  override async alarm(): Promise<void> {
    const resetAt = Math.ceil((this.tat ?? 0) / 1000)
    if (resetAt > Date.now()) return this.ctx.storage.setAlarm(resetAt)
    this.hasAlarm = false
    await this.ctx.storage.deleteAll()
  }

  /** Unconfirmed: the answer does not wait for the disk. Only a crash in those milliseconds could forget a request. */
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
