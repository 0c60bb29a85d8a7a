/** The scorecard that consoles show (contract P21). */
import { Hono } from 'hono'
import { noStore } from '../../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../../http/routing/describe.ts'
import type { AppEnv } from '../../../ports/index.ts'
import { Scorecard } from './schema.ts'
import { readScorecard, type ScorecardDeps } from './service.ts'

export const scorecardRoutes = (deps: ScorecardDeps) =>
  new Hono<AppEnv>().get(
    '/',
    describe({
      id: 'getScorecard',
      tag: 'Truth',
      summary: 'Percentages of named checks, the figures of the database, services and gates',
      answers: { 200: Scorecard },
      errors: guardErrors,
    }),
    noStore,
    async (c) => c.json(await readScorecard(deps, c.var.correlationId)),
  )
