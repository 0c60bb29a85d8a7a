/** GET /operator/api/ledger/verify checks the forensic ledger's hash chain. */
import { Hono } from 'hono'
import { linkNext } from '../../http/answer/link-next.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { takesQuery } from '../../http/routing/parameters.ts'
import { mapDatabaseErrors } from '../../modules/events/store/database-errors.ts'
import { checkLedger } from '../../modules/events/store/ledger.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { LedgerVerdict, VerifyQuery } from './schema.ts'

export const ledgerRoutes = ({ database, clock }: Pick<Deps, 'database' | 'clock'>) =>
  new Hono<AppEnv>().get(
    '/verify',
    describe({
      id: 'verifyLedger',
      tag: 'Events',
      summary: 'Recomputes the hash chain of a range, at most 5000 rows at a time, and names the first broken link',
      answers: { 200: LedgerVerdict },
      errors: [...guardErrors, 'validation_error', 'database_unavailable'],
      lists: true,
    }),
    takesQuery(VerifyQuery),
    noStore,
    async (c) => {
      const { from: first, to = Number.MAX_SAFE_INTEGER, limit, cursor: from = first } = c.req.valid('query')
      const report = await mapDatabaseErrors(() => checkLedger(database.open(), { from, to, limit }, clock))
      const status = report.broken ? 'broken' : report.next === null ? 'intact' : 'more'
      const next = report.next === null ? null : String(report.next)
      return c.json(linkNext(c, { status, ...report, next } as const))
    },
  )
