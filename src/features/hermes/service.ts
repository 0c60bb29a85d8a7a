/** Hermes' health as it is measured, and its catalogue as the database holds it (contract H18, H20). */
import { onDatabase, orDegraded } from '../../db/database-timeout.ts'
import { zonedMoment } from '../../lib/moment.ts'
import type { Deps, HealthReading } from '../../ports/index.ts'
import type { HermesCatalog, HermesHealth } from './schema.ts'
import { selectCatalog } from './store.ts'

export type HermesDeps = Pick<Deps, 'clock' | 'database' | 'healthChecks' | 'log'>

export async function readHealth(
  { healthChecks }: HermesDeps,
  { correlationId, acceptedMs }: { correlationId: string; acceptedMs: number | undefined },
): Promise<HermesHealth> {
  const reading = await healthChecks.read('hermes', acceptedMs)
  return {
    status: wordFor(reading),
    module: 'hermes',
    version: reading?.version ?? null,
    latency_ms: reading?.latencyMs ?? null,
    checked_at: reading && new Date(reading.checkedAt).toISOString(),
    reason: reading ? reading.reason : 'not_configured',
    correlation_id: correlationId,
  }
}

/** It answered with something else than its health, or not at all. */
function wordFor(reading: HealthReading | null): HermesHealth['status'] {
  if (!reading) return 'dormant'
  if (reading.up) return 'ok'
  return /^(status_|malformed|not_ready)/.test(reading.reason ?? '') ? 'unhealthy' : 'unreachable'
}

export async function readCatalog(deps: HermesDeps, correlation_id: string): Promise<HermesCatalog> {
  const reading = onDatabase(deps, async (db) => {
    const { providers, models } = await selectCatalog(db)
    return { cli_providers: providers.map(describeProvider), models: models.map(describeModel) }
  })
  const nothing: Pick<HermesCatalog, 'cli_providers' | 'models'> = { cli_providers: [], models: [] }
  return { degraded: false, ...(await orDegraded(reading, nothing)), correlation_id }
}

type Rows = Awaited<ReturnType<typeof selectCatalog>>

const describeProvider = (row: Rows['providers'][number]): HermesCatalog['cli_providers'][number] => ({
  name: row.name,
  base_url: row.baseUrl,
  task_types: (row.taskTypes ?? '').split(',').filter((type) => type !== ''),
  enabled: row.enabled,
  daily_limit_tokens: row.dailyLimitTokens,
  monthly_limit_tokens: row.monthlyLimitTokens,
  tokens_used_today: row.tokensUsedToday,
  tokens_used_month: row.tokensUsedMonth,
  updated_at: zonedMoment(row.updatedAt),
})

const describeModel = (row: Rows['models'][number]): HermesCatalog['models'][number] => ({
  name: row.name,
  size_mb: row.sizeMb,
  category: row.category,
  status: row.status,
  compatibility: row.compatibility,
  downloaded_at: zonedMoment(row.downloadedAt),
  updated_at: zonedMoment(row.updatedAt),
})
