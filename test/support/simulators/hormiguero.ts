/** A simulated hormiguero: status, incidents, scans, INEE when on (contract hormiguero/routes, hormiguero/inee). */
import * as v from 'valibot'
import { json, refuse } from './answers.ts'
import { Dict, invalid } from './body.ts'
import { get, post, type Route } from './routing.ts'
import { type ListenOptions, type Simulator, startSimulator } from './simulator.ts'

export interface HormigueroOptions extends ListenOptions {
  /** `VX11_INEE_ENABLED`; off, its routes do not exist. */
  inee?: boolean
  incidents?: readonly Record<string, unknown>[]
}

export function startHormiguero(options: HormigueroOptions = {}): Promise<Simulator> {
  const { inee = false, incidents = [] } = options
  const routes = [
    get('/health', () => json({ status: 'ok', module: 'hormiguero' })),
    get('/hormiguero/status', () => json({ actions_enabled: false, last_scan: {} })),
    post('/hormiguero/scan/once', () => json({ status: 'ok', correlation_id: 'scan', results: {} })),
    get('/hormiguero/incidents', ({ query }) => {
      const status = query.get('status')
      const some = incidents.filter((incident) => status === null || incident.status === status)
      return json(some.slice(0, Number(query.get('limit') ?? 100)))
    }),
    ...(inee ? ineeRoutes : []),
  ]
  return startSimulator({ title: 'hormiguero', routes }, options)
}

const prefix = '/hormiguero/inee/extended'

const ineeRoutes: readonly Route[] = [
  get(`${prefix}/status`, () =>
    json({
      ...{ status: 'ok', enabled: true, remote_plane_enabled: true, execution_enabled: false, colonies_count: 0 },
      ...{ pending_intents: 0, builder_available: false, rewards_available: false },
    }),
  ),
  post(`${prefix}/builder/patchset`, () => {
    throw refuse(503, 'builder disabled')
  }),
  post(`${prefix}/colony/register`, async (exchange) => {
    const { colony_id } = await exchange.body(v.object({ colony_id: v.string(), remote_url: v.nullish(v.string()) }))
    return json({ status: 'ok', colony_id })
  }),
  post(`${prefix}/colony/envelope`, async (exchange) => {
    const colonyId = exchange.query.get('colony_id')
    if (colonyId === null) {
      throw invalid([{ type: 'missing', loc: ['query', 'colony_id'], msg: 'Field required', input: null }])
    }
    const payload = await exchange.body(Dict)
    return json({ envelope_id: 'envelope-1', nonce: 'nonce-1', hmac_signature: '00', payload, colony_id: colonyId })
  }),
]
