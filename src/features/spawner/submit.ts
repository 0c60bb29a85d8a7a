/** Sends a command to the spawner while a window lists it, and answers with what the spawner said (contract H16, H31). */
import * as v from 'valibot'
import { GatewayError } from '../../errors/gateway-error.ts'
import { isObject } from '../../lib/json-object.ts'
import type { PowerPolicy } from '../../modules/power/power-policy.ts'
import { modeOf } from '../../modules/power/power-state.ts'
import type { Clock } from '../../ports/index.ts'
import { type RelayDeps, type Relayed, type RelayedRequest, relay } from '../../upstream/relay.ts'
import type { Spawn, Spawned, Submit, Submitted } from './schema.ts'

export type SubmitDeps = RelayDeps & { clock: Clock; policy: Pick<PowerPolicy, 'read' | 'require'> }

const Accepted = v.object({ spawn_uuid: v.string(), name: v.fallback(v.nullable(v.string()), null) })

/** An upstream's refusal, relayed unchanged. */
export class RefusedByUpstream extends Error {
  readonly status: number
  readonly json: unknown
  readonly text: string

  constructor({ status, json, text }: Relayed) {
    super('refused by an upstream')
    this.status = status
    this.json = json
    this.text = text
  }
}

const limits = { firstByteMs: 10_000 }

export async function spawn(deps: SubmitDeps, request: Spawn, requestId: string): Promise<Spawned> {
  const { task_type, code: cmd, max_retries, ttl_seconds, metadata, user_id } = request
  const correlationId = request.correlation_id ?? requestId
  const wanted = request.name ?? request.task_name
  await deps.policy.require('spawner')
  const json = {
    ...{ task_type, cmd, max_retries, ttl_seconds, trace_id: correlationId, source: 'tentaculo_link' },
    ...(wanted != null && { name: wanted }),
    metadata: { ...metadata, ...(user_id != null && { user_id }) },
  }
  const { spawn_uuid, name } = (await accepted(deps, json, correlationId)).known
  return {
    spawn_id: name ?? `spawn-${spawn_uuid.slice(0, 8)}`,
    spawn_uuid,
    status: 'QUEUED',
    task_type,
    error: null,
    created_at: new Date(deps.clock.now()).toISOString(),
    correlation_id: correlationId,
  }
}

/** Madre records the intent first, so that it is known even if the spawner fails. */
export async function submit(deps: SubmitDeps, request: Submit, correlationId: string): Promise<Submitted> {
  await deps.policy.require('spawner')
  const { state } = await deps.policy.read()
  const intent = await askForObject(deps, {
    ...{ upstream: 'madre', target: '/madre/intent', correlationId, limits },
    json: { type: 'spawn', payload: request, correlation_id: correlationId, source: 'tentaculo_link' },
  })
  const json = { ...request, trace_id: correlationId, source: 'tentaculo_link' }
  const answer = await accepted(deps, json, correlationId)
  const spawned = { ...answer.json, ...answer.known }
  return { status: 'queued', policy: modeOf(state), intent, spawn: spawned, correlation_id: correlationId }
}

/** The spawner's own object, and what the gateway reads of it. */
async function accepted(deps: SubmitDeps, request: object, correlationId: string) {
  const asked = { upstream: 'spawner', target: '/spawn', json: request, correlationId, limits } as const
  const json = await askForObject(deps, asked)
  const parsed = v.safeParse(Accepted, json)
  if (!parsed.success) throw new GatewayError('upstream_failed')
  return { json, known: parsed.output }
}

async function askForObject(deps: SubmitDeps, request: RelayedRequest): Promise<Record<string, unknown>> {
  const answer = await relay(deps, request)
  if (answer.status >= 400) throw new RefusedByUpstream(answer)
  const { json } = answer
  if (!isObject(json)) throw new GatewayError(request.upstream === 'madre' ? 'madre_failed' : 'upstream_failed')
  return json
}
