/** When disk, write-ahead log, event queue and token budget will be used up, if they go on like this. */
import { Hono } from 'hono'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { isoMomentOrNull } from '../../lib/moment-forms.ts'
import type { Forecasts } from '../../modules/forecast/forecasts.ts'
import { horizons, units } from '../../modules/forecast/resources.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { ForecastReport } from './schema.ts'

type ForecastDeps = Pick<Deps, 'instance'> & { forecasts: Forecasts }

export const forecastRoutes = (deps: ForecastDeps) =>
  new Hono<AppEnv>().get(
    '/',
    describe({
      id: 'getForecasts',
      tag: 'Truth',
      summary: 'When disk, write-ahead log, event queue and token budget will be used up, or why nobody can say',
      answers: { 200: ForecastReport },
      errors: guardErrors,
    }),
    noStore,
    async (c) => {
      if (deps.forecasts.read().measuredAt === null) await deps.forecasts.measure()
      return c.json(describeForecasts(deps, c.var.correlationId))
    },
  )

function describeForecasts({ forecasts, instance }: ForecastDeps, correlationId: string): ForecastReport {
  const { measuredAt, forecasts: all } = forecasts.read()
  return {
    ...{ measured_at: isoMomentOrNull(measuredAt), instance },
    forecasts: all.map(({ name, used, limit, perHour, at, reason, isRaised, principal }) => ({
      ...{ name, unit: units[name], used, limit, reason, raised: isRaised, principal },
      per_hour: perHour === null ? null : Math.round(perHour * 1000) / 1000,
      at: isoMomentOrNull(at),
      horizon_s: horizons[name].horizonMs / 1000,
    })),
    correlation_id: correlationId,
  }
}
