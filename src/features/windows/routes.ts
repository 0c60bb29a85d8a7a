/** Madre's power window, under the paths that v7's clients call (contract P15 to P18, H27, H28). */
import { type Context, Hono } from 'hono'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors, madreErrors } from '../../http/routing/describe.ts'
import { readBody, takesBody } from '../../http/routing/input.ts'
import { takesQuery } from '../../http/routing/parameters.ts'
import type { AppEnv } from '../../ports/index.ts'
import { OpenQuery, OpenWindow, WindowChange, WindowPending, WindowStatus } from './schema.ts'
import type { WindowService } from './service.ts'
import { readWindowStatus } from './status.ts'
import { openAndWait, type WaitDeps } from './wait.ts'

/** How any change of madre's power may fail. */
export const changeErrors = [...guardErrors, 'off_by_policy', 'not_implemented', ...madreErrors] as const

/** `name` makes the operation ids of each mount unique in the reference. */
export const windowRoutes = ({ windows, ...deps }: WaitDeps & { windows: WindowService }, name: string) =>
  new Hono<AppEnv>()
    .get(
      '/status',
      describe({
        id: `get${name}WindowStatus`,
        tag: 'Windows',
        summary: 'The power window, at most 2 s old',
        answers: { 200: WindowStatus },
        errors: guardErrors,
      }),
      noStore,
      async (c) => c.json(await readWindowStatus(deps, c.var.correlationId)),
    )
    .post(
      '/open',
      describe({
        id: `open${name}Window`,
        tag: 'Windows',
        summary:
          'Opens the power window; wait=ready answers when its services do, or 202 after budget_sec (25); extend=true lets use renew it',
        answers: { 200: WindowChange, 202: WindowPending },
        errors: [...changeErrors, 'window_already_active', 'validation_error', 'service_not_allowed'],
      }),
      takesQuery(OpenQuery),
      takesBody(OpenWindow),
      noStore,
      async (c) => {
        const { wait, budget_sec, extend, max_ttl_sec } = c.req.valid('query')
        const renewal = extend ? { maxTtlS: max_ttl_sec } : undefined
        const request = await readBody(c, OpenWindow)
        if (!wait) return c.json(await windows.open(request, c.var.correlationId, renewal))
        const told = { renewal, correlationId: c.var.correlationId, statusUrl: statusUrl(c) }
        const result = await openAndWait(deps, windows, request, budget_sec * 1000, told)
        return result.status === 'pending' ? c.json(result, 202) : c.json(result)
      },
    )
    .post(
      '/close',
      describe({
        id: `close${name}Window`,
        tag: 'Windows',
        summary: 'Closes the power window; the body is ignored',
        answers: { 200: WindowChange },
        errors: [...changeErrors, 'no_active_window'],
      }),
      noStore,
      async (c) => c.json(await windows.close(c.var.correlationId)),
    )

const statusUrl = (c: Context) => c.req.path.replace(/open$/, 'status')
