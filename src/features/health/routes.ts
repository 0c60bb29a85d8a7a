/** Liveness for orchestrators and VX11's modules; readiness for balancers. */
import { Hono } from 'hono'
import { vx11Version } from '../../config/vx11.ts'
import { describe } from '../../http/routing/describe.ts'
import { build } from '../../lib/build.ts'
import type { AppEnv } from '../../ports/index.ts'
import { Health, Liveness, Readiness } from './schema.ts'

export const healthRoutes = ({ readReadiness }: { readReadiness: () => Promise<Readiness> }) =>
  new Hono<AppEnv>()
    .get(
      '/health',
      describe({ id: 'getHealth', tag: 'Health', summary: 'Constant; touches nothing', answers: { 200: Health } }),
      (c) => c.json({ status: 'ok', module: 'tentaculo_link', version: vx11Version } as const),
    )
    .get(
      '/livez',
      describe({
        id: 'getLiveness',
        tag: 'Health',
        summary: 'The process answers; which build it is',
        answers: { 200: Liveness },
      }),
      (c) => c.json({ status: 'alive', ...build } as const),
    )
    .get(
      '/readyz',
      describe({
        id: 'getReadiness',
        tag: 'Health',
        summary: 'What the gateway cannot do without works, and no shutdown has begun; `degraded` takes traffic',
        answers: { 200: Readiness, 503: Readiness },
      }),
      async (c) => {
        const readiness = await readReadiness()
        return c.json(readiness, readiness.status === 'ready' || readiness.status === 'degraded' ? 200 : 503, {
          'Cache-Control': 'no-store',
        })
      },
    )
