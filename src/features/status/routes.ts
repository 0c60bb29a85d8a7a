/** The one honest view of VX11: open as a summary, with a token as an overview. */
import { Hono } from 'hono'
import { describe } from '../../http/describe.ts'
import type { AppEnv } from '../../ports.ts'
import { Vx11Overview, Vx11Status } from './schema.ts'
import { type StatusDeps, statusService } from './service.ts'

export const statusRoutes = (deps: StatusDeps) => {
  const { readStatus, readOverview } = statusService(deps)
  return new Hono<AppEnv>()
    .get(
      '/status',
      describe({
        id: 'getVx11Status',
        tag: 'Status',
        summary: 'What is up, what sleeps and why; measured at most 5 s ago',
        answers: { 200: Vx11Status },
        errors: ['too_many_requests'],
      }),
      async (c) => c.json(await readStatus(c.get('correlationId'))),
    )
    .get(
      '/overview',
      describe({
        id: 'getVx11Overview',
        tag: 'Status',
        summary: 'The same reading, module by module',
        answers: { 200: Vx11Overview },
        errors: ['auth_required', 'forbidden', 'too_many_requests'],
      }),
      async (c) => c.json(await readOverview(c.get('correlationId'))),
    )
}
