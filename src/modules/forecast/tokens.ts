/** The model tokens of the principal who uses up the day's first, by what it used in the last hour. */
import { and, gte, isNotNull, sql } from 'drizzle-orm'
import type { Db } from '../../db/database.ts'
import { modelUsageStats } from '../../db/schema/switch.ts'
import { storedMoment } from '../../lib/moment-forms.ts'
import { dayOf } from '../chat/exchanges/accounts.ts'

export interface TokenUse {
  /** Null where nobody used any today. */
  principal: string | null
  used: number
  perHour: number
}

const hourMs = 3_600_000

export async function readTokens(db: Db, now: number, limit: number): Promise<TokenUse> {
  const { createdAt, tokensUsed, userId } = modelUsageStats
  const lately = sql`case when ${createdAt} >= ${storedMoment(now - hourMs)} then ${tokensUsed} else 0 end`
  const used = sql<number>`coalesce(sum(${tokensUsed}), 0)`
  const perHour = sql<number>`coalesce(sum(${lately}), 0)`
  // The shortest time until the limit first; who used none lately comes last.
  const [first] = await db
    .select({ principal: userId, used: used.as('used'), perHour: perHour.as('per_hour') })
    .from(modelUsageStats)
    .where(and(gte(createdAt, dayOf(now)), isNotNull(userId)))
    .groupBy(userId)
    .orderBy(sql`case when ${perHour} > 0 then (${limit} - ${used}) * 1.0 / ${perHour} else 1e18 end, ${used} desc`)
    .limit(1)
  return first ?? { principal: null, used: 0, perHour: 0 }
}

/** Midnight in UTC, when the budget begins anew. */
export const endOfDay = (now: number): number => (Math.floor(now / (24 * hourMs)) + 1) * 24 * hourMs
