/** Whether this gateway is fit for production, gate by gate. */
import { Hono } from 'hono'
import { noStore } from '../../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../../http/routing/describe.ts'
import { takesQuery } from '../../../http/routing/parameters.ts'
import type { AppEnv } from '../../../ports/index.ts'
import { GateReport, GatesQuery } from './schema.ts'
import type { Gates } from './service.ts'

export const gateRoutes = ({ gates }: { gates: Gates }) =>
  new Hono<AppEnv>().get(
    '/',
    describe({
      id: 'getGates',
      tag: 'Truth',
      summary: 'The nine production gates, at most five minutes old; fresh=true runs them now',
      answers: { 200: GateReport },
      errors: [...guardErrors, 'validation_error'],
    }),
    takesQuery(GatesQuery),
    noStore,
    async (c) => {
      const { fresh } = c.req.valid('query')
      return c.json({ ...(await (fresh ? gates.run() : gates.read())), correlation_id: c.var.correlationId })
    },
  )
