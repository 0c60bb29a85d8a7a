/** What the breakers, retry budgets and limits before the upstreams are doing. */
import { Hono } from 'hono'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import type { AppEnv } from '../../ports/index.ts'
import { BreakerStatus } from './schema.ts'
import { type BreakerDeps, readBreakers } from './service.ts'

export const breakerRoutes = (deps: BreakerDeps) =>
  new Hono<AppEnv>().get(
    '/status',
    describe({
      id: 'getCircuitBreakers',
      tag: 'Status',
      summary: 'Circuit, requests in flight and retry budget of each configured upstream',
      answers: { 200: BreakerStatus },
      errors: guardErrors,
    }),
    (c) => c.json(readBreakers(deps)),
  )
