/** How long rows and backups are kept; names and values are those of VX11 v7. */
import type { Environment } from './environment/environment.ts'
import { BooleanText, FolderText, IntegerText, WordText } from './values.ts'
import type { VariableName } from './variables.ts'

const logTables = [
  'pheromone_log',
  'intents_log',
  'ia_decisions',
  'routing_events',
  'cli_usage_stats',
  'system_events',
  'scheduler_history',
] as const

export const retainedTables = ['incidents', 'model_usage_stats', ...logTables] as const
export type RetainedTable = (typeof retainedTables)[number]

export interface RetentionConfig {
  profile: 'default' | 'low_power'
  /** Rows older than this many days may be deleted. */
  daysByTable: Readonly<Record<RetainedTable, number>>
  /** Maintenance without an explicit choice applies retention from this database size, in MiB. */
  autoApplyMib: number
  /** Applies retention even if no operator has allowed it for this database yet. */
  allowed: boolean
}

export interface BackupConfig {
  directory: string
  /** How many of the newest backups a rotation leaves in place. */
  keep: number
}

const Days = IntegerText(1, 36_500)

export function readRetention(env: Environment): RetentionConfig {
  const lowPower = env.value('ULTRA_LOW_MEMORY', BooleanText)
  const profile =
    env.optional('VX11_RETENTION_PROFILE', WordText(['default', 'low_power'])) ?? (lowPower ? 'low_power' : 'default')
  const daysByProfile = {
    default: env.value('VX11_RETENTION_LOG_DAYS', Days),
    low_power: env.value('VX11_RETENTION_LOG_DAYS_LOW_POWER', Days),
  }
  const logDays = (name: VariableName) => env.optional(name, Days) ?? daysByProfile[profile]
  return {
    profile,
    daysByTable: {
      incidents: env.value('VX11_RETENTION_INCIDENTS_DAYS', Days),
      model_usage_stats: env.value('VX11_RETENTION_MODEL_USAGE_STATS_DAYS', Days),
      pheromone_log: logDays('VX11_RETENTION_PHEROMONE_LOG_DAYS'),
      intents_log: logDays('VX11_RETENTION_INTENTS_LOG_DAYS'),
      ia_decisions: logDays('VX11_RETENTION_IA_DECISIONS_DAYS'),
      routing_events: logDays('VX11_RETENTION_ROUTING_EVENTS_DAYS'),
      cli_usage_stats: logDays('VX11_RETENTION_CLI_USAGE_STATS_DAYS'),
      system_events: logDays('VX11_RETENTION_SYSTEM_EVENTS_DAYS'),
      scheduler_history: logDays('VX11_RETENTION_SCHEDULER_HISTORY_DAYS'),
    },
    autoApplyMib: env.value('VX11_RETENTION_AUTO_APPLY_MIB', IntegerText(1, 1_048_576)),
    allowed: env.value('VX11_RETENTION_ALLOWED', BooleanText),
  }
}

export function readBackup(env: Environment, dataDir: string): BackupConfig {
  return {
    directory: env.optional('VX11_BACKUP_DIR', FolderText) ?? `${dataDir}/backups`,
    keep: env.value('VX11_BACKUP_KEEP', IntegerText(1, 1000)),
  }
}
