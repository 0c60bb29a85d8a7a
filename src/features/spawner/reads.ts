/** What runs and what ran at the spawner, from its tables, and whether something may be sent there (contract H11, H29, H30). */
import { onDatabase, orDegraded } from '../../db/database-timeout.ts'
import { nextId } from '../../lib/list-cursor.ts'
import { zonedMoment } from '../../lib/moment.ts'
import type { PowerPolicy } from '../../modules/power/power-policy.ts'
import { modeOf } from '../../modules/power/power-state.ts'
import { describeWindow } from '../../modules/power/relayed-read.ts'
import type { Deps } from '../../ports/index.ts'
import type { Agents, AgentsQuery, SpawnerRuns, SpawnerStatus, SpawnRunsQuery } from './schema.ts'
import * as store from './store.ts'

export type SpawnerReadDeps = Pick<Deps, 'clock' | 'database' | 'healthChecks' | 'log'> & {
  policy: Pick<PowerPolicy, 'admit' | 'read'>
}

const common = ({ clock }: SpawnerReadDeps, correlationId: string) => ({
  correlation_id: correlationId,
  timestamp: new Date(clock.now()).toISOString(),
})

export async function readAgents(deps: SpawnerReadDeps, query: AgentsQuery, correlationId: string): Promise<Agents> {
  const { limit } = query
  const reading = onDatabase(deps, async (db) => {
    const { agents, total } = await store.selectAgents(db, { ...query, limit: limit + 1 })
    return { agents: agents.slice(0, limit).map(describeAgent), total, next: nextId(agents, limit) }
  })
  const nothing: Pick<Agents, 'agents' | 'total' | 'next'> = { agents: [], total: 0, next: null }
  const [rows, { allowed }, health] = await Promise.all([
    orDegraded(reading, nothing),
    deps.policy.admit('spawner'),
    deps.healthChecks.read('spawner'),
  ])
  return {
    degraded: false,
    ...rows,
    window_open: allowed,
    spawner_available: health?.up ?? false,
    ...common(deps, correlationId),
  }
}

const describeAgent = (
  row: Awaited<ReturnType<typeof store.selectAgents>>['agents'][number],
): Agents['agents'][number] => ({
  id: row.id,
  spawn_uuid: row.spawnUuid,
  name: row.name,
  purpose: row.purpose,
  status: row.status,
  started_at: zonedMoment(row.startedAt),
  last_heartbeat_at: zonedMoment(row.lastHeartbeatAt),
  ttl_seconds: row.ttlSeconds,
  mutation_level: row.mutationLevel,
})

async function readAccess({ clock, policy }: SpawnerReadDeps, acceptedMs?: number) {
  const [verdict, { state }] = await Promise.all([policy.admit('spawner', acceptedMs), policy.read(acceptedMs)])
  const access = { policy: modeOf(state), allowed: verdict.allowed, window: describeWindow(state, clock.now()) }
  return { verdict, access }
}

export async function readSpawnerStatus(
  deps: SpawnerReadDeps,
  { correlationId, acceptedMs }: { correlationId: string; acceptedMs: number | undefined },
): Promise<SpawnerStatus> {
  const reading = onDatabase(deps, async (db) => {
    const counts = (await store.countRuns(db)).map(({ status, runs }) => [status ?? 'unknown', runs] as const)
    return { summary: { runs_by_status: Object.fromEntries(counts) } }
  })
  const nothing: Pick<SpawnerStatus, 'summary'> = { summary: { runs_by_status: {} } }
  const [rows, { verdict, access }, health] = await Promise.all([
    orDegraded(reading, nothing),
    readAccess(deps, acceptedMs),
    deps.healthChecks.read('spawner', acceptedMs),
  ])
  return {
    status: verdict.allowed ? 'ok' : 'off_by_policy',
    ...access,
    message: verdict.allowed ? null : verdict.reason,
    hint: verdict.allowed ? null : verdict.hint,
    health: {
      up: health?.up ?? false,
      version: health?.version ?? null,
      latency_ms: health?.latencyMs ?? null,
      reason: health ? health.reason : 'not_configured',
    },
    degraded: false,
    ...rows,
    ...common(deps, correlationId),
  }
}

export async function readRuns(
  deps: SpawnerReadDeps,
  query: SpawnRunsQuery,
  correlationId: string,
): Promise<SpawnerRuns> {
  const { limit, offset } = query
  const reading = onDatabase(deps, async (db) => {
    const { runs, total } = await store.selectRuns(db, { ...query, limit: limit + 1 })
    return { runs: runs.slice(0, limit).map(describeRun), total, next: nextId(runs, limit) }
  })
  const nothing: Pick<SpawnerRuns, 'runs' | 'total' | 'next'> = { runs: [], total: 0, next: null }
  const [rows, { access }] = await Promise.all([orDegraded(reading, nothing), readAccess(deps)])
  return { status: 'ok', ...access, degraded: false, ...rows, limit, offset, ...common(deps, correlationId) }
}

type RunRow = Awaited<ReturnType<typeof store.selectRuns>>['runs'][number]

const describeRun = (row: RunRow): SpawnerRuns['runs'][number] => ({
  id: row.id,
  uuid: row.uuid,
  name: row.name,
  cmd: row.cmd,
  status: row.status,
  started_at: zonedMoment(row.startedAt),
  ended_at: zonedMoment(row.endedAt),
  exit_code: row.exitCode,
  parent_task_id: row.parentTaskId,
  created_at: zonedMoment(row.createdAt),
  stdout_preview: oneLine(row.stdout),
  stderr_preview: oneLine(row.stderr),
})

const oneLine = (output: string | null) => output?.replace(/\s+/g, ' ').trim().slice(0, 160).toWellFormed() ?? null
