/** The way to the orchestrator, real or embedded: everything under /madre, as it is. */
import { Hono } from 'hono'
import { type PassDeps, pass } from '../../http/proxy/proxied-route.ts'
import type { AppEnv } from '../../ports/index.ts'

export const madreRoutes = (deps: PassDeps) =>
  new Hono<AppEnv>().all('/*', ...pass(deps, { upstream: 'madre', stripPrefix: '' }))
