/** Books who was asked, how that went, and what it cost, in the tables that VX11 has for it. */
import { and, eq, gte, sql } from 'drizzle-orm'
import type { BatchItem } from 'drizzle-orm/batch'
import type { Db } from '../../../db/database.ts'
import {
  chatProvidersStats,
  cliUsageStats,
  modelUsageStats,
  routingEvents,
  tokensUsage,
} from '../../../db/schema/switch.ts'
import { storedMoment } from '../../../lib/moment-forms.ts'
import type { Attempt } from '../chain/answer.ts'

export interface Account {
  taskType: 'chat' | 'assist'
  principal: string
  correlationId: string
  /** The answer's; null without an answer. */
  provider: string | null
  model: string | null
  totalTokens: number | null
  /** US dollars; null where no price is known. */
  costUsd: number | null
  /** Those that were really asked. */
  attempts: readonly Omit<Attempt, 'firstTokenMs'>[]
  atMs: number
}

/** Of one principal, by the index on the moment. */
export const tokensSince = (db: Db, principal: string, moment: string) =>
  db
    .select({ tokens: sql<number | null>`sum(${modelUsageStats.tokensUsed})` })
    .from(modelUsageStats)
    .where(and(gte(modelUsageStats.createdAt, moment), eq(modelUsageStats.userId, principal)))

/** Sorts before every moment of that day (UTC), in each form in which VX11 stores them. */
export const dayOf = (atMs: number): string => `${storedMoment(atMs).slice(0, 10)} `

/** Each attempt with its outcome and cost; a count that was not reported is null. */
export function accountsOf(db: Db, answer: Account): BatchItem<'sqlite'>[] {
  const moment = storedMoment(answer.atMs)
  const { attempts, principal, provider, totalTokens } = answer
  if (attempts.length === 0) return []
  const routed = attempts.map(({ provider: providerId, outcome, reason }) => ({
    ...{ timestamp: moment, traceId: answer.correlationId, routeType: 'provider_call', providerId },
    ...{ score: null, reasoningShort: reason === null ? outcome : `${outcome} (${reason})` },
  }))
  const used = attempts.map((attempt) => ({
    ...{ modelOrCliName: modelName(attempt, answer), kind: kindOf(attempt.provider), taskType: answer.taskType },
    tokensUsed: attempt.outcome === 'answered' ? totalTokens : null,
    latencyMs: Math.round(attempt.latencyMs ?? 0),
    success: attempt.outcome === 'answered',
    errorMessage: attempt.outcome === 'answered' ? null : attempt.outcome,
    ...{ userId: principal, createdAt: moment },
  }))
  const priced = attempts.map(({ provider: providerId, outcome, reason, latencyMs }) => ({
    ...{ providerId, timestamp: moment, success: outcome === 'answered', latencyMs: Math.round(latencyMs ?? 0) },
    costEstimated: outcome === 'answered' ? answer.costUsd : null,
    tokensEstimated: outcome === 'answered' ? totalTokens : null,
    errorClass: outcome === 'answered' ? null : (reason ?? outcome),
  }))
  const counted = attempts.map((attempt) => countAttempt(db, attempt))
  const tokens = totalTokens
    ? [
        db.insert(tokensUsage).values({
          tokenId: principal,
          usedAt: moment,
          usedCount: totalTokens,
          source: `${answer.taskType}:${provider}`,
        }),
      ]
    : []
  return [
    db.insert(routingEvents).values(routed),
    db.insert(modelUsageStats).values(used),
    db.insert(cliUsageStats).values(priced),
    ...counted,
    ...tokens,
  ]
}

const modelName = ({ provider, outcome }: Account['attempts'][number], { model }: Account) =>
  outcome === 'answered' && model !== null ? model : provider

const kindOf = (provider: string) => (provider === 'switch' ? 'cli' : 'local')

/** The mean is of the successes. */
function countAttempt(db: Db, { provider, outcome, latencyMs }: Account['attempts'][number]) {
  const { successCount, failCount, avgLatencyMs } = chatProvidersStats
  const good = outcome === 'answered'
  const row = { provider, successCount: good ? 1 : 0, failCount: good ? 0 : 1, avgLatencyMs: good ? latencyMs : null }
  const mean = sql`coalesce(${avgLatencyMs}, 0) + (${latencyMs} - coalesce(${avgLatencyMs}, 0)) / (coalesce(${successCount}, 0) + 1)`
  const set = good
    ? { successCount: sql`coalesce(${successCount}, 0) + 1`, avgLatencyMs: mean }
    : { failCount: sql`coalesce(${failCount}, 0) + 1` }
  return db.insert(chatProvidersStats).values(row).onConflictDoUpdate({ target: chatProvidersStats.provider, set })
}
