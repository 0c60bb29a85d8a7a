/** Rails and lanes (contract P12 to P14). */
import { Hono } from 'hono'
import * as v from 'valibot'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import type { AppEnv } from '../../ports/index.ts'
import { LaneDisabled, LaneStatus, Lanes, LanesDisabled, Rails, RailsDisabled } from './schema.ts'
import { type RailsDeps, readLane, readLanes, readRails } from './service.ts'

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
        errors: guardErrors,
      }),
      noStore,
      async (c) => {
        const correlation_id = c.get('correlationId')
        if (!isOn) return c.json({ ...disabled, rails: [], count: 0 as const, correlation_id })
        return c.json(await readRails(deps, correlation_id))
      },
    )
    .get(
      '/lanes',
      describe({
        id: 'getLanes',
        tag: 'Rails',
        summary: 'The lanes and their checks',
        answers: { 200: v.union([Lanes, LanesDisabled]) },
        errors: guardErrors,
      }),
      noStore,
      async (c) => {
        const correlation_id = c.get('correlationId')
        if (!isOn) return c.json({ ...disabled, lanes: [], correlation_id })
        return c.json(await readLanes(deps, correlation_id))
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
