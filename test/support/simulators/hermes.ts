/** A simulated hermes: resources, engines, discovery plans, no downloads (docs/contract/upstreams/hermes.md). */
import * as v from 'valibot'
import { json, refuse } from './answers.ts'
import { Dict } from './body.ts'
import { get, type Handler, post } from './routing.ts'
import { type ListenOptions, type Simulator, startSimulator } from './simulator.ts'

export interface HermesOptions extends ListenOptions {
  /** What the guarded routes want as `X-VX11-Token`. */
  token?: string
}

const Execute = v.object({ command: v.nullish(v.string()), prompt: v.nullish(v.string()), metadata: v.nullish(Dict) })
const Discover = v.object({ apply: v.boolean(), allow_web: v.boolean(), allow_download: v.boolean() })

export function startHermes({ token = 'hermes-token', ...options }: HermesOptions = {}): Promise<Simulator> {
  const guarded = (handler: Handler): Handler => {
    return (exchange) => {
      if (exchange.header('x-vx11-token') !== token) throw refuse(401, 'auth_required')
      return handler(exchange)
    }
  }
  const resources = { status: 'ok', local_models: [], catalog: [], cli: {}, playwright_enabled: false }
  const routes = [
    get('/health', () => json({ status: 'ok', module: 'hermes', version: '7.0' })),
    get(
      '/hermes/resources',
      guarded(() => json(resources)),
    ),
    post(
      '/hermes/get-engine',
      guarded(async (exchange) => {
        const { engine_id } = await exchange.body(v.object({ engine_id: v.nullish(v.string()) }))
        if (!engine_id) throw refuse(422, 'engine_id required')
        if (engine_id !== 'hermes_local') throw refuse(404, 'Engine not found')
        return json({ engine_id, endpoint: '/switch/execute', metadata: {}, status: 'available' })
      }),
    ),
    post(
      '/hermes/execute',
      guarded(async (exchange) => {
        const { prompt = null, metadata = null } = await exchange.body(Execute)
        return json({ status: 'accepted', engine: 'hermes', payload: { prompt, metadata } })
      }),
    ),
    post(
      '/hermes/discover',
      guarded(async (exchange) => {
        const { apply } = await exchange.body(Discover)
        return json({ status: apply ? 'ok' : 'plan', discovered: [] })
      }),
    ),
    post(
      '/hermes/models/pull',
      guarded(() => {
        throw refuse(403, 'HERMES_ALLOW_DOWNLOAD is off')
      }),
    ),
  ]
  return startSimulator({ title: 'hermes', routes }, options)
}
