/** The way to the orchestrator, real or embedded: everything under /madre, as it is. */
import { Hono } from 'hono'
import { type ProxiedRouteDeps, proxiedRoute } from '../../http/proxy/proxied-route.ts'
import type { AppEnv } from '../../ports/index.ts'

export const madreRoutes = (deps: ProxiedRouteDeps) => new Hono<AppEnv>().all('/*', proxiedRoute(deps, 'madre'))
