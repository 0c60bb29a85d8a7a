/** The gateway's measurements over time, for the console's charts (contract P5). */
import { Hono } from 'hono'
import * as v from 'valibot'
import { linkNext } from '../../../http/answer/link-next.ts'
import { noStore } from '../../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../../http/routing/describe.ts'
import { takesQuery } from '../../../http/routing/parameters.ts'
import type { AppEnv } from '../../../ports/index.ts'
import { readMetricBuckets } from './buckets.ts'
import {
  BucketsDisabled,
  MetricBuckets,
  MetricBucketsQuery,
  MetricsDisabled,
  MetricsQuery,
  MetricsRead,
} from './schema.ts'
import { readSeries, type SeriesDeps } from './service.ts'

export const metricSeriesRoutes = (deps: SeriesDeps) =>
  new Hono<AppEnv>()
    .get(
      '/buckets',
      describe({
        id: 'getMetricBuckets',
        tag: 'Metrics',
        summary: 'All series of `period`, up to 31 days, in at most 372 buckets each; oldest first',
        answers: { 200: v.union([MetricBuckets, BucketsDisabled]) },
        errors: [...guardErrors, 'validation_error'],
      }),
      takesQuery(MetricBucketsQuery),
      noStore,
      async (c) => {
        const correlation_id = c.get('correlationId')
        if (deps.config.features.metrics)
          return c.json(await readMetricBuckets(deps, c.req.valid('query'), correlation_id))
        return c.json({ error: 'feature_disabled', flag: 'VX11_METRICS_ENABLED', series: [], correlation_id } as const)
      },
    )
    .get(
      '/',
      describe({
        id: 'getMetricSeries',
        tag: 'Metrics',
        summary: 'Measurements of the last hour, or of `period`, with their percentiles; newest first',
        answers: { 200: v.union([MetricsRead, MetricsDisabled]) },
        errors: [...guardErrors, 'validation_error'],
        lists: true,
      }),
      takesQuery(MetricsQuery),
      noStore,
      async (c) => {
        const query = c.req.valid('query')
        const correlation_id = c.get('correlationId')
        if (deps.config.features.metrics) return c.json(linkNext(c, await readSeries(deps, query, correlation_id)))
        const disabled = { error: 'feature_disabled', flag: 'VX11_METRICS_ENABLED', count: 0, next: null } as const
        return c.json({ ...disabled, metrics: [], correlation_id })
      },
    )
