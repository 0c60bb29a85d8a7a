/** Who did what: the administrative acts, also refused ones, with filters. */
import { Hono } from 'hono'
import * as v from 'valibot'
import { onDatabase, orDegraded } from '../../../db/database-timeout.ts'
import { GatewayError } from '../../../errors/gateway-error.ts'
import { linkNext } from '../../../http/answer/link-next.ts'
import { noStore } from '../../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../../http/routing/describe.ts'
import { takesQuery } from '../../../http/routing/parameters.ts'
import { parseJson } from '../../../lib/json-text.ts'
import { zonedMoment } from '../../../lib/moment.ts'
import type { AppEnv, Deps } from '../../../ports/index.ts'
import { ActLine, ActList, ActsQuery, type RecordedAct } from './schema.ts'
import { type StoredAct, selectActs } from './store.ts'

type ActsDeps = Pick<Deps, 'clock' | 'config' | 'database' | 'log'>

export const auditActRoutes = (deps: ActsDeps) =>
  new Hono<AppEnv>().get(
    '/',
    describe({
      id: 'listActs',
      tag: 'Audit',
      summary: 'Administrative acts, newest first: who, what, on what, before, after, and what came of it',
      answers: { 200: ActList },
      errors: [...guardErrors, 'validation_error', 'feature_disabled'],
      lists: true,
    }),
    takesQuery(ActsQuery),
    noStore,
    async (c) => {
      if (!deps.config.features.audit)
        throw new GatewayError('feature_disabled', { detail: 'Set VX11_AUDIT_ENABLED=true.' })
      const page = await readActs(deps, c.req.valid('query'))
      return c.json(linkNext(c, { ...page, correlation_id: c.get('correlationId') }))
    },
  )

async function readActs(deps: ActsDeps, query: ActsQuery) {
  const reading = onDatabase(deps, async (db) => {
    const { rows, next } = await selectActs(db, query)
    return { acts: rows.flatMap(recordedAct), next: next === null ? null : String(next) }
  })
  return { degraded: false, ...(await orDegraded(reading, { acts: [], next: null })) }
}

/** None for a line in another form. */
function recordedAct({ id, message, at }: StoredAct): RecordedAct[] {
  const line = v.safeParse(ActLine, parseJson(message))
  return line.success ? [{ id, at: zonedMoment(at), ...line.output }] : []
}
