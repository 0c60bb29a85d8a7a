/** Hands intents to madre while the modules that they need are open, and finds what became of them (contract H9, H10). */
import * as v from 'valibot'
import { onDatabase } from '../../db/database-timeout.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { zonedMoment } from '../../lib/moment.ts'
import type { PowerPolicy } from '../../modules/power/power-policy.ts'
import type { Deps } from '../../ports/index.ts'
import { type RelayDeps, type Relayed, relay } from '../../upstream/relay.ts'
import type { Intent, IntentAnswer, IntentResult, SpawnResult } from './schema.ts'
import { states } from './schema.ts'
import { findSpawns, knowsIntent, recordIntent } from './store.ts'

export type IntentDeps = RelayDeps &
  Pick<Deps, 'clock' | 'config' | 'database' | 'log'> & { policy: Pick<PowerPolicy, 'require'> }

/** Madre's refusal is relayed unchanged. */
export async function sendIntent(
  deps: IntentDeps,
  intent: Intent,
  requestId: string,
): Promise<{ answer: IntentAnswer } | { refused: Relayed }> {
  try {
    return await handOver(deps, intent, intent.correlation_id ?? requestId)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new GatewayError(error.code, { ...error.details, asIntentError: true })
  }
}

async function handOver(
  deps: IntentDeps,
  intent: Intent,
  correlationId: string,
): Promise<{ answer: IntentAnswer } | { refused: Relayed }> {
  if (intent.require.switch) await deps.policy.require('switch')
  if (intent.require.spawner) await deps.policy.require('spawner')
  const json = { ...intent, correlation_id: correlationId }
  const answer = await relay(deps, { upstream: 'madre', target: '/vx11/intent', json, correlationId })
  if (answer.status === 404 || answer.status === 405) {
    throw new GatewayError('not_implemented', { detail: 'This madre takes no intents; a newer one does.' })
  }
  if (answer.status >= 400) return { refused: answer }
  // The real madre calls every id done, so a result is only looked for where an intent is known.
  await onDatabase(deps, (db) => recordIntent(db, correlationId, deps.clock.now())).catch(() => {})
  const { mode, provider, response, error, status, degraded } = parsed(MadreIntentAnswer, answer.json)
  const timestamp = new Date(deps.clock.now()).toISOString()
  return { answer: { correlation_id: correlationId, status, mode, provider, response, error, degraded, timestamp } }
}

/** Madre writes some states in small letters (contract Q-67). */
const State = v.pipe(v.string(), v.toUpperCase(), v.picklist(states))
const Text = v.fallback(v.nullable(v.string()), null)
const madreMembers = {
  status: State,
  mode: v.pipe(v.fallback(v.string(), 'MADRE'), v.toUpperCase()),
  provider: Text,
  error: Text,
}

const MadreIntentAnswer = v.object({
  ...madreMembers,
  response: v.optional(v.unknown(), null),
  degraded: v.fallback(v.boolean(), false),
})
const MadreResult = v.object({ ...madreMembers, result: v.optional(v.unknown(), null) })

function parsed<Schema extends v.GenericSchema>(schema: Schema, json: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, json)
  if (!result.success) throw new GatewayError('madre_failed')
  return result.output
}

/** Spawns are looked for first: the real madre calls everything done that it is asked about. */
export async function findResult(deps: IntentDeps, id: string, requestId: string): Promise<IntentResult | SpawnResult> {
  const isSpawn = id.startsWith('spawn-')
  if (isSpawn || uuidForm.test(id)) {
    const [spawn, another] = await onDatabase(deps, (db) => findSpawns(db, id))
    if (another) throw new GatewayError('ambiguous_result')
    if (spawn) return describeSpawn(spawn, requestId)
    if (isSpawn) throw new GatewayError('result_not_found')
  }
  if (!isEmbedded(deps) && !(await onDatabase(deps, (db) => knowsIntent(db, id)))) {
    throw new GatewayError('result_not_found')
  }
  const target = `/vx11/result/${encodeURIComponent(id)}`
  const answer = await relay(deps, { upstream: 'madre', target, correlationId: requestId })
  if (answer.status >= 400) throw new GatewayError('result_not_found')
  const { status, result, error, mode, provider } = parsed(MadreResult, answer.json)
  const timestamp = new Date(deps.clock.now()).toISOString()
  return { correlation_id: id, status, result, error, mode, provider, timestamp }
}

/** It keeps its intents itself, and knows which ids it never saw. */
const isEmbedded = ({ config }: IntentDeps) => config.upstreams.madre.kind === 'embedded'

const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** The spawner's words (contract data/spawn-states). */
const spawnStates: Record<string, SpawnResult['status']> = {
  pending: 'QUEUED',
  queued: 'QUEUED',
  running: 'RUNNING',
  completed: 'DONE',
  done: 'DONE',
  failed: 'ERROR',
  error: 'ERROR',
  timeout: 'ERROR',
}

const describeSpawn = (row: Awaited<ReturnType<typeof findSpawns>>[number], correlation_id: string): SpawnResult => ({
  spawn_uuid: row.uuid,
  spawn_id: row.name,
  status: spawnStates[row.status ?? ''] ?? 'UNKNOWN',
  task_type: null,
  exit_code: row.exitCode,
  stdout: row.stdout,
  stderr: row.stderr,
  created_at: zonedMoment(row.createdAt),
  started_at: zonedMoment(row.startedAt),
  finished_at: zonedMoment(row.endedAt),
  correlation_id,
})
