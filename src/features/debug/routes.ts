/** Debug views of the event stream (contract G10, G11). */
import { Hono } from 'hono'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { mapDatabaseErrors } from '../../modules/events/store/database-errors.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { countTypes } from './cardinality.ts'
import { Cardinality, CorrelationGraph } from './schema.ts'
import { readGraph } from './service.ts'

const errors = [...guardErrors, 'database_unavailable'] as const

export const debugRoutes = (deps: Pick<Deps, 'clock' | 'database' | 'events'>) =>
  new Hono<AppEnv>()
    .get(
      '/events/cardinality',
      describe({
        id: 'getEventCardinality',
        tag: 'Events',
        summary: 'Events of the last 60 s by type, over all instances',
        answers: { 200: Cardinality },
        errors,
      }),
      noStore,
      async (c) => c.json(await mapDatabaseErrors(() => countTypes(deps.database, deps.clock.now()))),
    )
    .get(
      '/events/correlations',
      describe({
        id: 'getEventCorrelations',
        tag: 'Events',
        summary: 'The graph of related events of the last 300 s',
        answers: { 200: CorrelationGraph },
        errors,
      }),
      noStore,
      async (c) => c.json(await readGraph(deps)),
    )
