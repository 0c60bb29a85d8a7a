/** Answers service starts and stops with plans, and operations that need docker or an operating system with 501. */
import { type Context, Hono } from 'hono'
import { compactMoment } from '../../../lib/moment-forms.ts'
import type { Deps } from '../../../ports/index.ts'
import { type NeighbourDeps, readNeighbours } from '../neighbours.ts'
import { readMadreBody } from '../requests/json-body.ts'
import { Refusal } from '../requests/refusal.ts'
import { ModeRequest, modePlan, PlanRequest, PowerRequest, servicePlan, shortPlan } from './plans.ts'

export const planRoutes = (deps: Pick<Deps, 'clock' | 'config'> & NeighbourDeps) => {
  const { clock, config } = deps
  const services = () => ['madre', ...config.windowServices]
  const allowed = (name: string) => {
    if (!services().includes(name)) throw new Refusal(404, 'service_not_allowed')
    return name
  }
  const act = (action: 'start' | 'stop' | 'restart') => async (c: Context<object, '/:name'>) => {
    const { confirm } = await readMadreBody(c, PowerRequest)
    return c.json(servicePlan(allowed(c.req.param('name')), action, { confirm, timestamp: compactMoment(clock.now()) }))
  }
  const actShort = (action: 'start' | 'stop') => async (c: Context) => {
    const { service } = await readMadreBody(c, PlanRequest)
    return c.json(shortPlan(allowed(service), action))
  }
  return new Hono()
    .get('/madre/power/services', (c) => c.json({ status: 'ok', allowlist: services(), source: 'configuration' }))
    .post('/madre/power/service/:name/start', act('start'))
    .post('/madre/power/service/:name/stop', act('stop'))
    .post('/madre/power/service/:name/restart', act('restart'))
    .post('/madre/power/service/start', actShort('start'))
    .post('/madre/power/service/stop', actShort('stop'))
    .post('/madre/power/mode', async (c) => {
      const { mode } = await readMadreBody(c, ModeRequest)
      return c.json(modePlan(mode, config.windowServices))
    })
    .get('/madre/power/status', async (c) => {
      const known = Object.entries(await readNeighbours(deps))
      const services = known.map(([Service, is]) => ({ Service, State: containerWords[is] }))
      return c.json({ status: 'ok', source: 'health_checks', services })
    })
    .get('/madre/power/token', notHere('applying plans'))
    .post('/madre/power/mode/idle_min', notHere('idle_min'))
    .post('/madre/power/mode/hard_off', notHere('hard_off'))
}

/** Compose's words, as far as a health check can know them; the embedded madre has no docker to ask. */
const containerWords = { up: 'running', down: 'exited', dormant: 'not_configured', unknown: 'unknown' } as const

const notHere = (what: string) => () => {
  throw new Refusal(501, `The embedded madre does not offer ${what}; set MADRE_URL to a real madre.`)
}
