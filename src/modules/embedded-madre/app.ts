/** The embedded madre: implements madre's contract, so that moving to the real one changes one variable. */
import { type Context, Hono } from 'hono'
import { rootReason } from '../../lib/root-reason.ts'
import type { Log } from '../../ports/index.ts'
import { madreIntentRoutes } from './intents/intent-routes.ts'
import { type MaintenanceDeps, madreMaintenanceRoutes } from './maintenance-routes.ts'
import type { NeighbourDeps } from './neighbours.ts'
import { planRoutes } from './plans/plan-routes.ts'
import { madreReportRoutes } from './report-routes.ts'
import { Refusal } from './requests/refusal.ts'
import { madreWindowRoutes } from './windows/window-routes.ts'
import { type MadreWindowDeps, powerWindows } from './windows/windows.ts'

export type EmbeddedMadreDeps = MadreWindowDeps & NeighbourDeps & MaintenanceDeps

/** All its state is in the database: instances that share one are the same madre. */
export function embeddedMadre(deps: EmbeddedMadreDeps) {
  const windows = powerWindows(deps)
  const app = new Hono()
    .route('/', madreReportRoutes({ ...deps, windows }))
    .route('/', madreWindowRoutes({ ...deps, windows }))
    .route('/', planRoutes(deps))
    .route('/', madreIntentRoutes(deps))
    .route('/', madreMaintenanceRoutes(deps))
  app.onError((error, c) => answerError(deps.log, error, c))
  app.notFound((c) => {
    const allow = methods.filter((method) => app.router.match(method, c.req.path)[0].length > 0)
    return allow.length > 0
      ? c.json({ detail: 'Method Not Allowed' }, 405, { allow: allow.join(', ') })
      : c.json({ detail: 'Not Found' }, 404)
  })
  return app
}

/** For the minute's periodic work: records an expired window without a request. */
export const announceExpiry = (deps: MadreWindowDeps): Promise<void> => powerWindows(deps).announceExpiry()

const methods = ['GET', 'POST'] as const

function answerError(log: Log, error: unknown, c: Context) {
  if (error instanceof Refusal) {
    if (error.cause !== undefined) log.warn('madre_database_failed', { reason: rootReason(error.cause) })
    return c.json({ detail: error.detail }, error.status)
  }
  log.error('madre_failed', { reason: rootReason(error) })
  return c.json({ detail: 'Internal Server Error' }, 500)
}
