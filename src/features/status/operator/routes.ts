/** Directly under /operator: the way to the console, and what runs in four views (contract G2, O4, O17 to O19). */
import { Hono } from 'hono'
import { noStore } from '../../../http/answer/no-store.ts'
import { mayAct } from '../../../http/guards/actor.ts'
import { describe, guardErrors } from '../../../http/routing/describe.ts'
import { takesQuery } from '../../../http/routing/parameters.ts'
import type { ChatChain } from '../../../modules/chat/providers/order.ts'
import type { AppEnv, Deps } from '../../../ports/index.ts'
import type { Stored } from '../stored.ts'
import type { ReadView } from '../view-reader.ts'
import { describeCapability } from './capabilities.ts'
import { describeObservation } from './observation.ts'
import { CapabilitiesReport, Observation, OperatorStatus, Snapshot, SnapshotQuery } from './schema.ts'
import { describeSnapshot } from './snapshot.ts'
import { describeOperatorStatus } from './status.ts'

export type OperatorStatusDeps = Pick<Deps, 'config' | 'clock' | 'upstreamStates' | 'probes'> & {
  chat: ChatChain
  readView: ReadView
  stored: Stored
}

/** Relative, so that it holds behind any prefix. */
const consolePath = 'operator/ui/'

export const operatorStatusRoutes = (deps: OperatorStatusDeps) =>
  new Hono<AppEnv>()
    .get(
      '/',
      describe({ id: 'getOperator', tag: 'Status', summary: 'The way to the console', redirect: consolePath }),
      (c) => c.redirect(new URL(c.req.url).pathname.endsWith('/') ? 'ui/' : consolePath, 302),
    )
    .get(
      '/status',
      describe({
        id: 'getOperatorStatus',
        tag: 'Status',
        summary: 'The gateway, what it stores in, madre and switch; wakes nothing',
        answers: { 200: OperatorStatus },
        errors: guardErrors,
      }),
      noStore,
      async (c) => c.json(describeOperatorStatus(deps, await deps.readView(c), c.var.correlationId)),
    )
    .get(
      '/snapshot',
      describe({
        id: 'getSnapshot',
        tag: 'Status',
        summary: 'The state of every module; `t` comes back as the timestamp',
        answers: { 200: Snapshot },
        errors: [...guardErrors, 'validation_error'],
      }),
      takesQuery(SnapshotQuery),
      noStore,
      async (c) => {
        const { t } = c.req.valid('query')
        return c.json(describeSnapshot(deps, await deps.readView(c), t, c.var.correlationId))
      },
    )
    .get(
      '/observe',
      describe({
        id: 'getObservation',
        tag: 'Status',
        summary: 'Latency of every service, the newest routing decision, and the providers',
        answers: { 200: Observation },
        errors: guardErrors,
      }),
      noStore,
      async (c) => {
        const [reading, routing] = await Promise.all([deps.readView(c), deps.stored.routing()])
        const ownMs = deps.clock.monotonic() - c.var.startedAt
        return c.json(describeObservation(deps, reading, routing, { correlationId: c.var.correlationId, ownMs }))
      },
    )
    .get(
      '/capabilities',
      describe({
        id: 'getCapabilities',
        tag: 'Status',
        summary: 'What is on, what is off and by which flag, what sleeps and what wakes it',
        answers: { 200: CapabilitiesReport },
        errors: guardErrors,
      }),
      noStore,
      async (c) => {
        const caller = { correlationId: c.var.correlationId, mayAct: mayAct(c) }
        return c.json(describeCapability(deps, await deps.readView(c), caller))
      },
    )
