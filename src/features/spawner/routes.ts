/** The spawner: what runs, what ran, and sending it something to run (contract H11, H16, H29 to H31). */

import { type Context, Hono } from 'hono'
import type { GenericSchema } from 'valibot'
import { digestOf } from '../../config/named-tokens.ts'
import type { ErrorCode } from '../../errors/gateway-error.ts'
import { acceptedMs, takesAge } from '../../http/answer/accepted-age.ts'
import { linkNext } from '../../http/answer/link-next.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { noteAct } from '../../http/audit/note-act.ts'
import { relayErrors, relayed } from '../../http/proxy/relayed.ts'
import { describe, guardErrors, madreErrors } from '../../http/routing/describe.ts'
import { readBody, takesBody } from '../../http/routing/input.ts'
import { takesQuery } from '../../http/routing/parameters.ts'
import type { AppEnv } from '../../ports/index.ts'
import { readAgents, readRuns, readSpawnerStatus, type SpawnerReadDeps } from './reads.ts'
import {
  Agents,
  AgentsQuery,
  Spawn,
  Spawned,
  SpawnerRuns,
  SpawnerStatus,
  SpawnRunsQuery,
  Submit,
  Submitted,
} from './schema.ts'
import { RefusedByUpstream, type SubmitDeps, spawn, submit } from './submit.ts'

const described = (id: string, summary: string, answer: GenericSchema, errors: readonly ErrorCode[]) =>
  describe({ id, tag: 'Spawner', summary, answers: { 200: answer }, errors })

const listed = (id: string, summary: string, answer: GenericSchema) =>
  describe({
    ...{ id, tag: 'Spawner', summary, answers: { 200: answer }, errors: [...guardErrors, 'validation_error'] },
    lists: true,
  })

/** What an upstream refused is answered under its own status. */
async function orRefusal<T extends object>(c: Context<AppEnv>, work: Promise<T>) {
  try {
    return c.json(await work)
  } catch (error) {
    if (error instanceof RefusedByUpstream) return relayed(c, error)
    throw error
  }
}

export const coreSpawnRoutes = (deps: SpawnerReadDeps & SubmitDeps) =>
  new Hono<AppEnv>()
    .get(
      '/agents',
      listed('getAgents', 'The daughters that live now, newest first', Agents),
      takesQuery(AgentsQuery),
      noStore,
      async (c) => c.json(linkNext(c, await readAgents(deps, c.req.valid('query'), c.get('correlationId')))),
    )
    .post(
      '/spawn',
      described('spawn', 'Gives the spawner a command to run', Spawned, relayErrors),
      takesBody(Spawn, { example: { task_type: 'shell', code: 'uptime', ttl_seconds: 60 } }),
      noStore,
      async (c) => {
        const request = await readBody(c, Spawn)
        const { task_type, name, task_name, code } = request
        noteAct(c, { target: name ?? task_name ?? task_type, after: { command_sha256: digestOf(code) } })
        return orRefusal(c, spawn(deps, request, c.get('correlationId')))
      },
    )

export const operatorSpawnerRoutes = (deps: SpawnerReadDeps & SubmitDeps) =>
  new Hono<AppEnv>()
    .get(
      '/status',
      described(
        'getSpawnerStatus',
        'The spawner’s health, its runs by status, and whether it may be used',
        SpawnerStatus,
        [...guardErrors],
      ),
      takesAge,
      noStore,
      async (c) =>
        c.json(await readSpawnerStatus(deps, { correlationId: c.var.correlationId, acceptedMs: acceptedMs(c) })),
    )
    .get(
      '/runs',
      listed('getSpawnerRuns', 'Runs, newest first', SpawnerRuns),
      takesQuery(SpawnRunsQuery),
      noStore,
      async (c) => c.json(linkNext(c, await readRuns(deps, c.req.valid('query'), c.get('correlationId')))),
    )
    .post(
      '/submit',
      described('submitSpawn', 'Tells madre of a command and gives it to the spawner', Submitted, [
        ...relayErrors,
        ...madreErrors,
      ]),
      takesBody(Submit, { example: { cmd: 'uptime', ttl_seconds: 60 } }),
      noStore,
      async (c) => {
        const request = await readBody(c, Submit)
        noteAct(c, { after: { command_sha256: digestOf(JSON.stringify(request)) } })
        return orRefusal(c, submit(deps, request, c.get('correlationId')))
      },
    )
