/** How often a principal may ask for assistance: ten calls an hour, failures among them, and the tokens of the day. */
import { dayOf, tokensSince } from '../../modules/chat/exchanges/accounts.ts'
import type { Deps, LimitRule, LimitVerdict } from '../../ports/index.ts'
import { callsPerHour } from './schema.ts'

export type QuotaDeps = Pick<Deps, 'clock' | 'config' | 'database' | 'limiter' | 'log' | 'metrics'>

export interface Spent {
  /** v7's word for the first. */
  errorCode: 'rate_limit_exceeded' | 'daily_tokens_spent'
  retryAfterMs: number
}

const rule: LimitRule = { name: 'assist', limit: callsPerHour, windowMs: 3_600_000 }
const dayMs = 86_400_000

const keyOf = (principal: string) => `principal:${principal}`

/** Null when the limit store does not answer. */
export async function readCalls(
  { limiter }: Pick<QuotaDeps, 'limiter'>,
  principal: string,
): Promise<LimitVerdict | null> {
  try {
    return await limiter.peek(keyOf(principal), rule)
  } catch {
    return null
  }
}

/** Null when the call may proceed; without the limit store nothing is limited. */
export async function spendCall(deps: QuotaDeps, principal: string): Promise<Spent | null> {
  const { clock, metrics } = deps
  const verdict = await takeCall(deps, principal)
  if (verdict && !verdict.allowed) {
    metrics.requestLimited(rule.name)
    return { errorCode: 'rate_limit_exceeded', retryAfterMs: verdict.retryAfterMs }
  }
  if (!(await tokensSpent(deps, principal))) return null
  return { errorCode: 'daily_tokens_spent', retryAfterMs: dayMs - (clock.now() % dayMs) }
}

async function takeCall({ limiter, log }: QuotaDeps, principal: string): Promise<LimitVerdict | null> {
  try {
    return await limiter.take(keyOf(principal), rule)
  } catch (error) {
    log.warn('limiter_unavailable', { reason: error instanceof Error ? error.message : 'unknown' })
    return null
  }
}

async function tokensSpent({ clock, config, database }: QuotaDeps, principal: string): Promise<boolean> {
  const { dailyTokens } = config.chat
  if (dailyTokens === null) return false
  try {
    const [sum] = await tokensSince(database.open(), principal, dayOf(clock.now()))
    return (sum?.tokens ?? 0) >= dailyTokens
  } catch {
    return false
  }
}
