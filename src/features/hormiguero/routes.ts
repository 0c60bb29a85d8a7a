/** Hormiguero's status, incidents and scans, by its real paths (contract G16, G17, H5 to H7, Q-65, Q-66). */

import { type Context, Hono } from 'hono'
import * as v from 'valibot'
import { acceptedMs, takesAge } from '../../http/answer/accepted-age.ts'
import { linkNext } from '../../http/answer/link-next.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { relayErrors, relayed, UpstreamObject } from '../../http/proxy/relayed.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { type QueryContext, takesQuery } from '../../http/routing/parameters.ts'
import type { PowerPolicy } from '../../modules/power/power-policy.ts'
import { offline, type ReadDeps, readModule, Unread } from '../../modules/power/relayed-read.ts'
import type { AppEnv } from '../../ports/index.ts'
import { relay } from '../../upstream/relay.ts'
import { incidentPage, incidentsToAsk } from './incident-page.ts'
import { Incidents, IncidentsQuery, ReportQuery } from './schema.ts'

type Deps = ReadDeps & { policy: Pick<PowerPolicy, 'require'> }

const upstream = 'hormiguero'

const status = (deps: Deps, id: string) =>
  [
    describe({
      id,
      tag: 'Hormiguero',
      summary: 'Hormiguero’s own status',
      answers: { 200: v.union([UpstreamObject, Unread]) },
      errors: guardErrors,
    }),
    takesAge,
    noStore,
    async (c: Context<AppEnv>) => {
      const correlationId = c.get('correlationId')
      const read = await readModule(deps, {
        ...{ upstream, target: '/hormiguero/status', correlationId },
        acceptedMs: acceptedMs(c),
      })
      return 'unread' in read ? c.json(read.unread) : relayed(c, read)
    },
  ] as const

const incidents = (deps: Deps, id: string, query: typeof IncidentsQuery | typeof ReportQuery) =>
  [
    describe({
      id,
      tag: 'Hormiguero',
      summary: 'The newest incidents that hormiguero knows, 200 at most',
      answers: { 200: Incidents },
      errors: [...guardErrors, 'validation_error'],
      lists: true,
    }),
    takesQuery(query),
    takesAge,
    noStore,
    async (c: QueryContext<typeof query>) => {
      const { status: state, limit, cursor } = c.req.valid('query')
      const correlationId = c.get('correlationId')
      const filter = state === undefined ? '' : `status=${state}&`
      const target = `/hormiguero/incidents?${filter}limit=${incidentsToAsk(limit, cursor)}`
      const read = await readModule(deps, { upstream, target, correlationId, acceptedMs: acceptedMs(c) })
      if ('unread' in read) return c.json({ ...read.unread, incidents: [], total: 0, next: null })
      if (read.status >= 400) return relayed(c, read)
      if (!Array.isArray(read.json)) return c.json({ ...noList(correlationId), incidents: [], total: 0, next: null })
      const page = incidentPage(read.json, limit, cursor)
      const total = page.incidents.length
      return c.json(linkNext(c, { status: 'ok', ...page, total, limit, correlation_id: correlationId }))
    },
  ] as const

const noList = (correlationId: string) => offline(upstream, 'upstream_failed', null, correlationId)

export const hormigueroRoutes = (deps: Deps) =>
  new Hono<AppEnv>()
    .get('/status', ...status(deps, 'getHormigueroStatus'))
    .get('/queen/status', ...status(deps, 'getQueenStatus'))
    .get('/incidents', ...incidents(deps, 'getHormigueroIncidents', IncidentsQuery))
    .get('/report', ...incidents(deps, 'getHormigueroReport', ReportQuery))

/** A scan ends before it answers. */
const scanLimits = { firstByteMs: 60_000 }

export const operatorHormigueroRoutes = (deps: Deps) =>
  new Hono<AppEnv>()
    .get('/status', ...status(deps, 'getOperatorHormigueroStatus'))
    .get('/incidents', ...incidents(deps, 'getOperatorHormigueroIncidents', IncidentsQuery))
    .post(
      '/scan/once',
      describe({
        id: 'scanOnce',
        tag: 'Hormiguero',
        summary: 'One scan by hormiguero; the answer is its result',
        answers: { 200: UpstreamObject },
        errors: relayErrors,
      }),
      noStore,
      async (c) => {
        await deps.policy.require(upstream)
        const request = { upstream, target: '/hormiguero/scan/once', json: {}, limits: scanLimits } as const
        return relayed(c, await relay(deps, { ...request, correlationId: c.get('correlationId') }))
      },
    )
