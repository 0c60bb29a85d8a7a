/** Rails and lanes (contract P12 to P14). */
import { Hono } from 'hono'
import * as v from 'valibot'
import { linkNext } from '../../http/answer/link-next.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { Revalidation, revalidated } from '../../http/answer/revalidation.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { takesHeaders, takesQuery } from '../../http/routing/parameters.ts'
import type { AppEnv } from '../../ports/index.ts'
import { LaneDisabled, LaneStatus, Lanes, LanesDisabled, Rails, RailsDisabled, RailsQuery } from './schema.ts'
import { type RailsDeps, readLane, readLanes, readRails } from './service.ts'

const listErrors = [...guardErrors, 'validation_error'] as const
const disabled = { error: 'feature_disabled', flag: 'VX11_MANIFESTATOR_ENABLED' } as const

export const railsRoutes = (deps: RailsDeps) => {
  const isOn = deps.config.features.manifestator
  return new Hono<AppEnv>()
    .get(
      '/',
      describe({
        id: 'getRails',
        tag: 'Rails',
        summary: 'The rules in force',
        answers: { 200: v.union([Rails, RailsDisabled]) },
        errors: listErrors,
        lists: true,
        revalidates: true,
      }),
      takesQuery(RailsQuery),
      takesHeaders(Revalidation),
      revalidated,
      async (c) => {
        const correlation_id = c.get('correlationId')
        if (!isOn) return c.json({ ...disabled, rails: [], count: 0 as const, next: null, correlation_id })
        return c.json(linkNext(c, await readRails(deps, c.req.valid('query'), correlation_id)))
      },
    )
    .get(
      '/lanes',
      describe({
        id: 'getLanes',
        tag: 'Rails',
        summary: 'The lanes and their checks',
        answers: { 200: v.union([Lanes, LanesDisabled]) },
        errors: listErrors,
        lists: true,
        revalidates: true,
      }),
      takesQuery(RailsQuery),
      takesHeaders(Revalidation),
      revalidated,
      async (c) => {
        const correlation_id = c.get('correlationId')
        if (!isOn) return c.json({ ...disabled, lanes: [], next: null, correlation_id })
        return c.json(linkNext(c, await readLanes(deps, c.req.valid('query'), correlation_id)))
      },
    )
    .get(
      '/:lane/status',
      describe({
        id: 'getLaneStatus',
        tag: 'Rails',
        summary: 'One lane, with the newest audits that name it',
        answers: { 200: v.union([LaneStatus, LaneDisabled]) },
        errors: [...guardErrors, 'lane_not_found', 'database_unavailable'],
      }),
      noStore,
      async (c) => {
        const lane_id = c.req.param('lane')
        if (isOn) return c.json(await readLane(deps, lane_id))
        return c.json({ ...disabled, lane_id, status: 'disabled' as const, correlation_id: c.get('correlationId') })
      },
    )
}
