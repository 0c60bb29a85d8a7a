/** The care of the database as an operator sees it: how far a run is, what the last one found, and a way to start one. */
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { maintenanceRequest } from '../../db/maintenance/request.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { Revalidation } from '../../http/answer/revalidation.ts'
import { noteAct } from '../../http/audit/note-act.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { readBody, takesBody } from '../../http/routing/input.ts'
import { takesHeaders } from '../../http/routing/parameters.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { type BackupDeps, readBackups } from './backups.ts'
import { Backups, MaintenanceAccepted, MaintenanceOrder, MaintenanceState } from './schema.ts'

export const maintenanceRoutes = ({ maintenance, ...deps }: Pick<Deps, 'maintenance'> & BackupDeps) =>
  new Hono<AppEnv>()
    .get(
      '/backups',
      describe({
        id: 'getBackups',
        tag: 'Maintenance',
        summary: 'The copies of the database that are there now, with their sizes',
        answers: { 200: Backups },
        errors: [...guardErrors],
      }),
      noStore,
      async (c) => c.json(await readBackups(deps, c.var.correlationId)),
    )
    .get(
      '/',
      describe({
        id: 'getMaintenance',
        tag: 'Maintenance',
        summary: 'The run under way, on whatever instance, and what the last one found',
        answers: { 200: MaintenanceState },
        errors: [...guardErrors, 'database_unavailable'],
        revalidates: true,
      }),
      takesHeaders(Revalidation),
      noStore,
      etag({ weak: true }),
      async (c) => c.json(await maintenance.read()),
    )
    .post(
      '/',
      describe({
        id: 'startMaintenance',
        tag: 'Maintenance',
        summary: 'Starts a run; the status shows its progress',
        answers: { 202: MaintenanceAccepted },
        errors: [...guardErrors, 'off_by_policy', 'maintenance_running', 'validation_error', 'database_unavailable'],
      }),
      takesBody(MaintenanceOrder, { example: { apply: false, reason: 'What would it delete?' }, optional: true }),
      noStore,
      async (c) => {
        const origin = { principal: c.get('principal')?.name ?? null, correlationId: c.get('correlationId') }
        const request = maintenanceRequest('operator', await readBody(c, MaintenanceOrder))
        const { trigger: _trigger, ...asked } = request
        noteAct(c, { target: 'database', after: asked })
        const { id } = await maintenance.start(request, origin)
        noteAct(c, { target: `run ${id}` })
        return c.json({ id, state: 'running' as const, status_url: c.req.path }, 202, { location: c.req.path })
      },
    )
