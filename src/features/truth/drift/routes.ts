/** How far VX11 is from its canon: the last audit, and one now. */
import { Hono } from 'hono'
import { noStore } from '../../../http/answer/no-store.ts'
import { isHeld, Revalidation } from '../../../http/answer/revalidation.ts'
import { noteAct } from '../../../http/audit/note-act.ts'
import { describe, guardErrors } from '../../../http/routing/describe.ts'
import { takesHeaders, takesQuery } from '../../../http/routing/parameters.ts'
import type { AppEnv, Deps } from '../../../ports/index.ts'
import { describeDrift } from './report.ts'
import { DriftQuery, DriftReport } from './schema.ts'
import type { DriftAudit } from './service.ts'
import { viewDrift } from './view.ts'

export const driftRoutes = ({ clock, drift }: Pick<Deps, 'clock'> & { drift: Pick<DriftAudit, 'read' | 'run'> }) =>
  new Hono<AppEnv>()
    .get(
      '/',
      describe({
        id: 'getDrift',
        tag: 'Truth',
        summary: 'How far VX11 is from its canon, as of the last audit; format=md gives the report',
        answers: { 200: DriftReport },
        media: { 'text/markdown': 'The report, with format=md' },
        errors: [...guardErrors, 'validation_error'],
        revalidates: true,
      }),
      takesQuery(DriftQuery),
      takesHeaders(Revalidation),
      noStore,
      async (c) => {
        const { format } = c.req.valid('query')
        const reading = await drift.read()
        if (isHeld(c, format, reading.audit?.at ?? null, reading.unrecorded)) return c.body(null, 304)
        if (format === 'json' || !reading.audit) return c.json(viewDrift(reading, clock.now(), c.var.correlationId))
        return c.body(describeDrift(reading.audit), 200, { 'Content-Type': 'text/markdown; charset=utf-8' })
      },
    )
    .post(
      '/',
      describe({
        id: 'auditDrift',
        tag: 'Truth',
        summary: 'Audits VX11 against its canon now, and stores what changed',
        answers: { 200: DriftReport },
        errors: [...guardErrors, 'off_by_policy'],
      }),
      noStore,
      async (c) => {
        noteAct(c, { target: 'drift' })
        const { correlationId } = c.var
        const reading = await drift.run({ principal: c.get('principal')?.name ?? null, correlationId })
        const report = viewDrift(reading, clock.now(), correlationId)
        const { status, drifts, unknown } = report
        noteAct(c, { after: { status, drifts: drifts.length, unknown: unknown.length } })
        return c.json(report)
      },
    )
