/** /vx11/window: HEAD kept windows of its own here, this gateway has madre's alone (contract H13 to H15, Q-36). */
import { Hono } from 'hono'
import { noStore } from '../../../http/answer/no-store.ts'
import { noteTo } from '../../../http/audit/note-act.ts'
import { describe, guardErrors } from '../../../http/routing/describe.ts'
import { readBody, takesBody } from '../../../http/routing/input.ts'
import type { PowerReading } from '../../../modules/power/power-policy.ts'
import type { AppEnv } from '../../../ports/index.ts'
import { auditedChange } from '../audited.ts'
import { windowError } from '../madre.ts'
import { callerOf, changeErrors } from '../routes.ts'
import type { WindowStatus } from '../schema.ts'
import { refuseForeign, type WindowDeps, type WindowService } from '../service.ts'
import { describeWindowStatus } from '../status.ts'
import { CloseTarget, OpenTarget, TargetClosed, TargetOpened, TargetStatus } from './schema.ts'

export const coreWindowRoutes = ({ windows, ...deps }: WindowDeps & { windows: WindowService }) =>
  new Hono<AppEnv>()
    .post(
      '/open',
      describe({
        id: 'openCoreWindow',
        tag: 'Windows',
        summary: 'Opens madre’s power window for one service',
        answers: { 200: TargetOpened },
        errors: [...changeErrors, 'validation_error', 'window_already_active', 'service_not_allowed'],
      }),
      takesBody(OpenTarget, { example: { target: 'switch', ttl_seconds: 600, reason: 'first steps' } }),
      noStore,
      async (c) => {
        const { target, ttl_seconds, reason } = await readBody(c, OpenTarget)
        const request = { services: [target], ttlS: ttl_seconds, mode: 'ttl' as const, reason }
        const opened = await auditedChange(noteTo(c), [target], deps.policy.known(), () =>
          windows.open(request, callerOf(c)),
        )
        return c.json({ ...opened, ...inHeadsWords(target, true, opened) })
      },
    )
    .post(
      '/close',
      describe({
        id: 'closeCoreWindow',
        tag: 'Windows',
        summary: 'Closes madre’s power window, with all that it holds, if it holds the target open',
        answers: { 200: TargetClosed },
        errors: [...changeErrors, 'validation_error', 'no_active_window', 'service_not_allowed'],
      }),
      takesBody(CloseTarget, { example: { target: 'switch' } }),
      noStore,
      async (c) => {
        const { target } = await readBody(c, CloseTarget)
        // Madre and the stores are in her list all the time, and in no window.
        refuseForeign([target], deps.config.windowServices)
        const closed = await auditedChange(noteTo(c), [target], deps.policy.read(), async () => {
          if (!holds(await deps.policy.read(), target)) throw windowError('no_active_window')
          return windows.close(callerOf(c))
        })
        return c.json({ ...closed, target, closed: true as const, was_open: true as const })
      },
    )
    .get(
      '/status/:target',
      describe({
        id: 'getCoreWindowStatus',
        tag: 'Windows',
        summary: 'Madre’s power window, and whether it holds the target open',
        answers: { 200: TargetStatus },
        errors: [...guardErrors, 'service_not_allowed'],
      }),
      noStore,
      async (c) => {
        const target = c.req.param('target')
        refuseForeign([target], deps.config.windowServices)
        const reading = await deps.policy.read()
        const status = await describeWindowStatus(deps, reading, c.var.correlationId)
        return c.json({ ...status, ...inHeadsWords(target, holds(reading, target), status) })
      },
    )

const holds = ({ state }: PowerReading, target: string) =>
  state.window !== null && state.activeServices.includes(target)

const inHeadsWords = (target: string, isOpen: boolean, status: WindowStatus) => ({
  target,
  is_open: isOpen,
  ttl_remaining_seconds: isOpen ? status.ttl_remaining_sec : null,
  opened_at: isOpen ? status.created_at : null,
  expires_at: isOpen ? status.deadline : null,
})
