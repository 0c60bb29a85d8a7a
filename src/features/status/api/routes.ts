/** The status routes of the operator API, and core health for HEAD's backend (contract P1, P2, P22, P23, H4). */

import { Hono } from 'hono'
import { GatewayError } from '../../../errors/gateway-error.ts'
import { acceptedMs, takesAge } from '../../../http/answer/accepted-age.ts'
import { noStore } from '../../../http/answer/no-store.ts'
import { mayAct } from '../../../http/guards/actor.ts'
import { describe, guardErrors } from '../../../http/routing/describe.ts'
import type { AppEnv } from '../../../ports/index.ts'
import type { Stored } from '../stored.ts'
import type { ReadView } from '../view-reader.ts'
import { ApiHealth, CoreHealth, Modules, OneModule, OperatorApiStatus, Topology } from './schema.ts'
import { describeApiHealth, describeCoreHealth, describeModules, describeTopology, findModule } from './service.ts'
import { type ApiStatusDeps, describeApiStatus } from './status.ts'

export type ApiRouteDeps = ApiStatusDeps & { readView: ReadView; stored: Stored }

export const apiStatusRoutes = (deps: ApiRouteDeps) =>
  new Hono<AppEnv>()
    .get(
      '/status',
      describe({
        id: 'getOperatorApiStatus',
        tag: 'Status',
        summary: 'All that a console shows first: services, policy, window, limiter, database, features',
        answers: { 200: OperatorApiStatus },
        errors: guardErrors,
      }),
      takesAge,
      noStore,
      async (c) => {
        const { readView, stored } = deps
        const age = acceptedMs(c)
        const [reading, activity, health] = await Promise.all([
          readView(c, age),
          stored.activity(age),
          stored.health(age),
        ])
        return c.json(
          describeApiStatus(
            deps,
            reading,
            { activity, health },
            { correlationId: c.var.correlationId, mayAct: mayAct(c) },
          ),
        )
      },
    )
    .get(
      '/modules',
      describe({
        id: 'listModules',
        tag: 'Status',
        summary: 'Every module by name, and as a list',
        answers: { 200: Modules },
        errors: guardErrors,
      }),
      takesAge,
      noStore,
      async (c) => c.json(describeModules(deps, await deps.readView(c, acceptedMs(c)), c.var.correlationId)),
    )
    .get(
      '/modules/:name',
      describe({
        id: 'getModule',
        tag: 'Status',
        summary: 'One module, by its name or its compose name',
        answers: { 200: OneModule },
        errors: [...guardErrors, 'not_found'],
      }),
      takesAge,
      noStore,
      async (c) => {
        const report = describeModules(deps, await deps.readView(c, acceptedMs(c)), c.var.correlationId)
        const module = findModule(report, c.req.param('name'))
        if (!module)
          throw new GatewayError('not_found', { detail: `Modules are ${Object.keys(report.modules).join(', ')}.` })
        return c.json({ ...module, module, correlation_id: report.correlation_id, timestamp: report.timestamp })
      },
    )
    .get(
      '/health',
      describe({
        id: 'getOperatorApiHealth',
        tag: 'Status',
        summary: 'Whether the core answers, as measured',
        answers: { 200: ApiHealth },
        errors: guardErrors,
      }),
      takesAge,
      noStore,
      async (c) => c.json(describeApiHealth(deps, await deps.readView(c, acceptedMs(c)), c.var.correlationId)),
    )
    .get(
      '/topology',
      describe({
        id: 'getTopology',
        tag: 'Status',
        summary: 'What the gateway is connected to, from configuration and measurement',
        answers: { 200: Topology },
        errors: guardErrors,
      }),
      takesAge,
      noStore,
      async (c) => c.json(describeTopology(deps, await deps.readView(c, acceptedMs(c)), c.var.correlationId)),
    )

export const coreHealthRoutes = (deps: ApiRouteDeps) =>
  new Hono<AppEnv>().get(
    '/core-health',
    describe({
      id: 'getCoreHealth',
      tag: 'Status',
      summary: 'The health of every service, for VX11’s operator backend',
      answers: { 200: CoreHealth },
      errors: guardErrors,
    }),
    takesAge,
    noStore,
    async (c) => c.json(describeCoreHealth(deps, await deps.readView(c, acceptedMs(c)), c.var.correlationId)),
  )
