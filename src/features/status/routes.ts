/** The state of VX11 under /vx11: open as a summary, with a token module by module (contract G5, G7, H12). */
import { Hono } from 'hono'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { SwitchStatus, Vx11Overview, Vx11Status } from './schema.ts'
import { describeOverview, describeStatus, describeSwitch } from './service.ts'
import type { ReadView } from './view-reader.ts'

export type StatusDeps = Pick<Deps, 'config' | 'clock' | 'upstreamStates'> & { readView: ReadView }

export const statusRoutes = (deps: StatusDeps) =>
  new Hono<AppEnv>()
    .get(
      '/status',
      describe({
        id: 'getVx11Status',
        tag: 'Status',
        summary: 'What is up, what sleeps and why; measured at most 5 s ago',
        answers: { 200: Vx11Status },
        errors: ['too_many_requests'],
      }),
      async (c) => c.json(describeStatus(deps, await deps.readView(c), c.get('correlationId'))),
    )
    .get(
      '/overview',
      describe({
        id: 'getVx11Overview',
        tag: 'Status',
        summary: 'The same reading, module by module',
        answers: { 200: Vx11Overview },
        errors: guardErrors,
      }),
      async (c) => c.json(describeOverview(await deps.readView(c), c.get('correlationId'))),
    )
    .get(
      '/switch/status',
      describe({
        id: 'getSwitchStatus',
        tag: 'Status',
        summary: 'Whether switch answers, and whether requests are routed to it',
        answers: { 200: SwitchStatus },
        errors: guardErrors,
      }),
      noStore,
      async (c) => c.json(describeSwitch(deps, await deps.readView(c), c.get('correlationId'))),
    )
