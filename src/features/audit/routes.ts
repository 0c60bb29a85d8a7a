/** Audit runs: list, detail and archive (contract P8 to P11). */
import { Hono } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { linkNext } from '../../http/answer/link-next.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { type QueryContext, takesQuery } from '../../http/routing/parameters.ts'
import type { AppEnv } from '../../ports/index.ts'
import { AuditDetail, AuditRuns, AuditRunsQuery } from './schema.ts'
import { type AuditDeps, archiveName, downloadAudit, listRuns, readAudit } from './service.ts'

const detailErrors = [...guardErrors, 'audit_not_found', 'feature_disabled', 'database_unavailable'] as const

export const auditRoutes = (deps: AuditDeps) => {
  const isOn = deps.config.features.audit
  const requireOn = () => {
    if (!isOn) throw new GatewayError('feature_disabled', { detail: 'Set VX11_AUDIT_ENABLED=true.' })
  }
  const list = (id: string, summary: string) =>
    [
      describe({
        id,
        tag: 'Audit',
        summary,
        answers: { 200: AuditRuns },
        errors: [...guardErrors, 'validation_error'],
        lists: true,
      }),
      takesQuery(AuditRunsQuery),
      noStore,
      async (c: QueryContext<typeof AuditRunsQuery>) => {
        const query = c.req.valid('query')
        const correlation_id = c.get('correlationId')
        if (isOn) return c.json(linkNext(c, await listRuns(deps, query, correlation_id)))
        const disabled = { error: 'feature_disabled', flag: 'VX11_AUDIT_ENABLED' } as const
        const nothing = { runs: [], total: 0, has_more: false, next: null, degraded: false }
        return c.json({ ...disabled, ...nothing, correlation_id })
      },
    ] as const
  return new Hono<AppEnv>()
    .get('/', ...list('getAudits', 'Audit runs, newest first'))
    .get('/runs', ...list('getAuditRuns', 'The same list, by its other name'))
    .get(
      '/:id',
      describe({
        id: 'getAudit',
        tag: 'Audit',
        summary: 'One audit run with its findings and the paths of its evidence',
        answers: { 200: AuditDetail },
        errors: detailErrors,
      }),
      noStore,
      async (c) => {
        requireOn()
        return c.json(await readAudit(deps, c.req.param('id')))
      },
    )
    .get(
      '/:id/download',
      describe({
        id: 'downloadAudit',
        tag: 'Audit',
        summary: 'The run as a ZIP with its evidence; manifest.json says what became of each path',
        media: { 'application/zip': 'audit.json, the files under evidence/, manifest.json' },
        errors: detailErrors,
      }),
      noStore,
      async (c) => {
        requireOn()
        const id = c.req.param('id')
        return c.body(await downloadAudit(deps, id), 200, {
          'Content-Type': 'application/zip',
          'Content-Disposition': `attachment; filename="${archiveName(id)}"`,
          'X-Content-Type-Options': 'nosniff',
        })
      },
    )
}
