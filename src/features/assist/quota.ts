/** How often a principal may ask for assistance: ten calls an hour, failures among them, and the tokens of the day. */
import { dayOf, tokensSince } from '../../chat/accounts.ts'
import type { Deps, LimitRule, LimitVerdict } from '../../ports.ts'
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

/** Null when the limit store does not tell. */
export const readCalls = ({ limiter }: Pick<QuotaDeps, 'limiter'>, principal: string): Promise<LimitVerdict | null> =>
  limiter.peek(keyOf(principal), rule).catch(() => null)

/** Null when the call may go on; a store that is down limits nobody. */
export async function spendCall(deps: QuotaDeps, principal: string): Promise<Spent | null> {
  const { clock, limiter, log, metrics } = deps
  const verdict = await limiter.take(keyOf(principal), rule).catch((error: Error) => {
    log.warn('limiter_unavailable', { reason: error.name })
    return null
  })
  if (verdict && !verdict.allowed) {
    metrics.requestLimited(rule.name)
    return { errorCode: 'rate_limit_exceeded', retryAfterMs: verdict.retryAfterMs }
  }
  if (!(await tokensSpent(deps, principal))) return null
  return { errorCode: 'daily_tokens_spent', retryAfterMs: dayMs - (clock.now() % dayMs) }
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
