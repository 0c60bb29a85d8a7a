/** The database at a glance (contract H17). */

import { Hono } from 'hono'
import { acceptedMs, takesAge } from '../../http/answer/accepted-age.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import type { AppEnv } from '../../ports/index.ts'
import { DatabaseSummary } from './schema.ts'
import { databaseSummary, type SummaryDeps } from './service.ts'

export const databaseRoutes = (deps: SummaryDeps) => {
  const summarize = databaseSummary(deps)
  return new Hono<AppEnv>().get(
    '/summary',
    describe({
      id: 'getDatabaseSummary',
      tag: 'Database',
      summary:
        'Rows of the tables that consoles ask for, the newest spawns and routes, size and integrity, at most 5 s old',
      answers: { 200: DatabaseSummary },
      errors: [...guardErrors, 'database_unavailable'],
    }),
    takesAge,
    noStore,
    async (c) => c.json(await summarize({ correlationId: c.var.correlationId, acceptedMs: acceptedMs(c) })),
  )
}
