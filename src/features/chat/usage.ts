/** Reports the chat's use since midnight (UTC): the caller's tokens by model, calls and cost by provider. */
import { and, eq, gte, sql } from 'drizzle-orm'
import type { Database } from '../../db/database.ts'
import { cliUsageStats, modelUsageStats } from '../../db/schema/switch.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { dayOf } from '../../modules/chat/exchanges/accounts.ts'
import type { Deps } from '../../ports/index.ts'
import type { UsageReport } from './schema.ts'

type UsageDeps = Pick<Deps, 'clock' | 'config' | 'database' | 'log'>

/** Rejects with database_unavailable. */
export async function readUsage(
  { clock, config, database, log }: UsageDeps,
  principal: string,
  correlationId: string,
): Promise<UsageReport> {
  const since = dayOf(clock.now())
  const [models, providers] = await countsOf(database, principal, since).catch((cause: Error) => {
    log.warn('usage_unavailable', { error: cause.name })
    throw new GatewayError('database_unavailable', {}, { cause })
  })
  const used = models.reduce((sum, { tokens }) => sum + tokens, 0)
  const limit = config.chat.dailyTokens
  return {
    principal,
    day: since.trim(),
    tokens_used: used,
    tokens_limit: limit,
    tokens_left: limit === null ? null : Math.max(0, limit - used),
    models,
    providers,
    correlation_id: correlationId,
  }
}

/** Both tables have an index on the moment. */
async function countsOf(database: Database, principal: string, since: string) {
  const db = database.open()
  const whole = (column: typeof modelUsageStats.success | typeof cliUsageStats.success) =>
    sql<number>`sum(case when ${column} then 1 else 0 end)`
  return db.batch([
    db
      .select({
        model: modelUsageStats.modelOrCliName,
        asked: sql<number>`count(*)`.as('asked'),
        answered: whole(modelUsageStats.success).as('answered'),
        tokens: sql<number>`coalesce(sum(${modelUsageStats.tokensUsed}), 0)`.as('tokens'),
      })
      .from(modelUsageStats)
      .where(and(gte(modelUsageStats.createdAt, since), eq(modelUsageStats.userId, principal)))
      .groupBy(modelUsageStats.modelOrCliName),
    db
      .select({
        provider: cliUsageStats.providerId,
        asked: sql<number>`count(*)`.as('asked'),
        answered: whole(cliUsageStats.success).as('answered'),
        tokens: sql<number>`coalesce(sum(${cliUsageStats.tokensEstimated}), 0)`.as('tokens'),
        cost_usd: sql<number | null>`sum(${cliUsageStats.costEstimated})`.as('cost_usd'),
      })
      .from(cliUsageStats)
      .where(gte(cliUsageStats.timestamp, since))
      .groupBy(cliUsageStats.providerId),
  ])
}
