/** The gateway's measurements in the Prometheus text format (contract G8). */
import { Hono } from 'hono'
import { describe } from '../../http/routing/describe.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'

export const metricsRoutes = ({ config, metrics }: Pick<Deps, 'config' | 'metrics'>) =>
  new Hono<AppEnv>().get(
    '/',
    describe({
      id: 'getMetrics',
      tag: 'Metrics',
      summary: 'Prometheus text format',
      media: { 'text/plain': 'The exposition format 0.0.4' },
      errors: ['auth_required', 'forbidden'],
    }),
    async (c) => {
      // Switched off, the route still answers 200 (contract G8).
      if (!config.features.metrics) return c.text('# Metrics disabled\n')
      const { contentType, body } = await metrics.render()
      return c.body(body, 200, { 'Content-Type': contentType })
    },
  )
