/** The way to the AI router: everything under /switch, as it is. */
import { Hono } from 'hono'
import { type PassDeps, pass } from '../../http/pass.ts'
import type { AppEnv } from '../../ports.ts'

export const switchRoutes = (deps: PassDeps) =>
  new Hono<AppEnv>().all('/*', ...pass(deps, { upstream: 'switch', stripPrefix: '' }))
