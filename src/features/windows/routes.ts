/** Madre's power window, under the paths that v7's clients call (contract P15 to P18, H27, H28). */

import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { acceptedMs, takesAge } from '../../http/answer/accepted-age.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { noteTo } from '../../http/audit/note-act.ts'
import { describe, guardErrors, madreErrors } from '../../http/routing/describe.ts'
import { readBody, takesBody } from '../../http/routing/input.ts'
import { takesQuery } from '../../http/routing/parameters.ts'
import type { AppEnv } from '../../ports/index.ts'
import { auditedChange } from './audited.ts'
import type { Caller } from './madre.ts'
import { ExtendBy, OpenQuery, OpenWindow, WindowChange, WindowList, WindowPending, WindowStatus } from './schema.ts'
import type { WindowDeps, WindowService } from './service.ts'
import { readWindowStatus } from './status.ts'
import { openAndWait, type WaitDeps } from './wait.ts'
import { WakeView } from './wake/schema.ts'
import type { Wakes } from './wake/service.ts'

/** How any change of madre's power may fail. */
export const changeErrors = [...guardErrors, 'off_by_policy', 'not_implemented', ...madreErrors] as const

const StatusAndWakes = v.object({ ...WindowStatus.entries, ...WakeView.entries })

type WakesDeps = { wakes: Pick<Wakes, 'describe'> }

/** `name` makes the operation ids of each mount unique in the reference. */
export const windowRoutes = (
  { windows, wakes, ...deps }: WaitDeps & WakesDeps & { windows: WindowService },
  name: string,
) =>
  new Hono<AppEnv>()
    .get(
      '/status',
      describe({
        id: `get${name}WindowStatus`,
        tag: 'Windows',
        summary: 'The power window, at most 2 s old',
        answers: { 200: StatusAndWakes },
        errors: guardErrors,
      }),
      takesAge,
      noStore,
      async (c) =>
        c.json({
          ...(await readWindowStatus(deps, { correlationId: c.var.correlationId, acceptedMs: acceptedMs(c) })),
          ...(await wakes.describe()),
        }),
    )
    .post(
      '/open',
      describe({
        id: `open${name}Window`,
        tag: 'Windows',
        summary:
          'Opens the power window; wait=ready answers when its services do, or 202 after budget_seconds (25); extend=true lets use renew it',
        answers: { 200: WindowChange, 202: WindowPending },
        errors: [...changeErrors, 'window_already_active', 'validation_error', 'service_not_allowed'],
      }),
      takesQuery(OpenQuery),
      takesBody(OpenWindow, { example: { services: ['switch'], ttl_seconds: 600, reason: 'first steps' } }),
      noStore,
      async (c) => {
        const { wait, budget_seconds, budget_sec, extend, max_ttl_seconds, max_ttl_sec } = c.req.valid('query')
        const renewal = extend ? { maxTtlS: max_ttl_seconds ?? max_ttl_sec } : undefined
        const request = await readBody(c, OpenWindow)
        const { services } = request
        if (!wait) {
          const open = () => windows.open(request, callerOf(c), renewal)
          return c.json(await auditedChange(noteTo(c), services, deps.policy.known(), open))
        }
        const context = { renewal, caller: callerOf(c), statusUrl: statusUrl(c) }
        const open = () => openAndWait(deps, windows, request, (budget_seconds ?? budget_sec) * 1000, context)
        const result = await auditedChange(noteTo(c), services, deps.policy.known(), open)
        return result.status === 'pending' ? c.json(result, 202) : c.json(result)
      },
    )
    .post(
      '/extend',
      describe({
        id: `extend${name}Window`,
        tag: 'Windows',
        summary:
          'Moves the deadline of the open window to ttl_seconds from now, never back; only the embedded madre can',
        answers: { 200: WindowChange },
        errors: [...changeErrors, 'no_active_window', 'validation_error'],
      }),
      takesBody(ExtendBy, { example: { ttl_seconds: 1800 } }),
      noStore,
      async (c) => {
        const request = await readBody(c, ExtendBy)
        const isEmbedded = deps.config.upstreams.madre.kind === 'embedded'
        const before = isEmbedded ? deps.policy.read() : deps.policy.known()
        return c.json(await auditedChange(noteTo(c), null, before, () => windows.extend(request, callerOf(c))))
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
      async (c) => c.json(await auditedChange(noteTo(c), null, deps.policy.read(), () => windows.close(callerOf(c)))),
    )

/** HEAD's console lists windows; madre has one at most. */
export const windowListRoutes = (deps: WindowDeps) =>
  new Hono<AppEnv>().get(
    '/',
    describe({
      id: 'listWindows',
      tag: 'Windows',
      summary: 'The power windows, one at most, and the status of the window',
      answers: { 200: WindowList },
      errors: guardErrors,
    }),
    takesAge,
    noStore,
    async (c) =>
      c.json(listed(await readWindowStatus(deps, { correlationId: c.var.correlationId, acceptedMs: acceptedMs(c) }))),
  )

function listed(status: WindowStatus): WindowList {
  const { window_id, created_at, deadline, ttl_seconds, renewal } = status
  const state = status.status === 'none' || status.status === 'error' ? 'open' : status.status
  const services = status.active_services.filter((name) => name !== 'madre' && name !== 'redis')
  const window = { window_id, state, services, created_at, deadline, ttl_seconds, renewal }
  const windows = status.mode === 'solo_madre' ? [] : [window]
  return { ...status, windows, total: windows.length, next: null }
}

const statusUrl = (c: Context) => c.req.path.replace(/open$/, 'status')

export const callerOf = (c: Context<AppEnv>): Caller => ({
  attempt: c.get('attempt'),
  correlationId: c.var.correlationId,
  principal: c.get('principal')?.name ?? 'local',
  traceparent: c.req.header('traceparent'),
})
