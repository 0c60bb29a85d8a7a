/** A simulated madre: health, chat, power windows, policy and plans (docs/contract/upstreams/madre.md). */
import * as v from 'valibot'
import { type Answer, detail, json, refuse } from './answers.ts'
import { Dict } from './body.ts'
import type { Exchange } from './exchange.ts'
import { chatAnswer, modelAnswer } from './madre-chat.ts'
import { powerRoutes } from './madre-power.ts'
import { type PowerWindows, powerWindows, type WindowFailure, windowServices } from './madre-windows.ts'
import { get, post, type Route } from './routing.ts'
import { type ListenOptions, type Simulator, startSimulator } from './simulator.ts'

export interface MadreOptions extends ListenOptions {
  /** What the window routes and the power state want as `X-VX11-Token`. */
  token?: string
  now?: () => number
  /** What `/health` says of the modules behind madre. */
  deps?: Readonly<Record<'switch' | 'hormiguero' | 'spawner', 'up' | 'down'>>
  /** What her model says, as with a DeepSeek key; null without one: she then answers with a template. */
  modelReply?: string | null
  /** Down: opening a window fails as if every `docker compose up` had. */
  docker?: 'up' | 'down'
  /** The key of the apply routes; null, as in the compose file, refuses every apply. */
  powerKey?: string | null
}

type Settings = Required<Omit<MadreOptions, keyof ListenOptions>>

export function startMadre(options: MadreOptions = {}): Promise<Simulator> {
  const settings: Settings = {
    token: 'madre-token',
    now: Date.now,
    deps: { switch: 'down', hormiguero: 'down', spawner: 'down' },
    docker: 'up',
    powerKey: null,
    modelReply: null,
    ...options,
  }
  const windows = powerWindows(settings.now)
  const routes = [
    ...reportRoutes(settings),
    post('/madre/chat', chatHandler(settings)),
    post('/madre/intent', () =>
      json({ status: 'accepted', intent_id: 'intent-1', task_id: 'task-1', intent_log_id: 1, routing_decision: null }),
    ),
    ...windowRoutes(settings, windows),
    ...policyRoutes(settings, windows),
    ...powerRoutes(settings),
  ]
  return startSimulator({ title: 'madre', routes }, options)
}

/** Python's `datetime.utcnow().isoformat()`: no zone, six decimals. */
const naive = (ms: number): string => new Date(ms).toISOString().replace('Z', '000')

const reportRoutes = ({ deps, now }: Settings): Route[] => [
  get('/health', () => json({ module: 'madre', status: 'ok', version: '7.0', time: naive(now()), deps })),
  get('/status', () => json({ madre: 'ok', delegated_services: deps })),
  get('/madre/status', () =>
    json({
      module: 'madre',
      version: '7.0',
      mode: 'solo_madre',
      services_expected: ['tentaculo_link', 'redis'],
      services_running: ['switch', 'hormiguero', 'spawner'],
      db: { path: 'data/runtime/vx11.db', exists: true, size_bytes: 4096, quick_check: 'ok', fk_violations: 0 },
      canon: { files: 0, dir: 'docs/canon' },
      timestamp: naive(now()),
    }),
  ),
]

const ChatRequest = v.object({ message: v.string(), session_id: v.nullish(v.string()), context: v.nullish(Dict) })

const chatHandler =
  ({ modelReply }: Settings) =>
  async (exchange: Exchange): Promise<Answer> => {
    const { message, session_id } = await exchange.body(ChatRequest)
    return json(modelReply === null ? chatAnswer(message, session_id) : modelAnswer(modelReply, session_id))
  }

const OpenWindow = v.object({
  services: v.array(v.string()),
  ttl_sec: v.nullish(v.pipe(v.number(), v.integer())),
  mode: v.optional(v.string()),
  reason: v.optional(v.string()),
})

function windowRoutes({ token, docker }: Settings, windows: PowerWindows): Route[] {
  function checkToken(exchange: Exchange): void {
    const shown = exchange.header('x-vx11-token')
    if (!shown) throw refuse(401, 'auth_required: X-VX11-Token header missing')
    if (shown !== token) throw refuse(403, 'forbidden: invalid token')
  }
  return [
    post('/madre/power/window/open', async (exchange) => {
      checkToken(exchange)
      const result = windows.open(await exchange.body(OpenWindow))
      if ('failure' in result) return refusedWindow(result)
      if (docker === 'up') return json(result)
      windows.close()
      return detail(500, `docker compose up failed: [${result.services_started.map((name) => `'${name}'`).join(', ')}]`)
    }),
    post('/madre/power/window/close', (exchange) => {
      checkToken(exchange)
      const result = windows.close()
      return 'failure' in result ? refusedWindow(result) : json(result)
    }),
    get('/madre/power/state', (exchange) => {
      checkToken(exchange)
      return json(windows.state())
    }),
  ]
}

function refusedWindow(failure: WindowFailure): Answer {
  if (failure.failure === 'none_open') return detail(404, 'No active window')
  if (failure.failure === 'already_open') return detail(409, `Window already active: ${failure.id}. Close it first.`)
  // A Python set; and the detail is text, where a schema's 422 has a list.
  const names = failure.services.map((name) => `'${name}'`).join(', ')
  return detail(422, `Services not in allowlist: {${names}}`)
}

function policyRoutes({ now }: Settings, windows: PowerWindows): Route[] {
  const out = 'docs/audit/madre_power_solo_madre'
  const stop = (name: string) => ({
    rc: 0,
    cmd: ['docker', 'compose', '-p', 'vx11', 'stop', name],
    stdout_path: `${out}/${name}.stdout.txt`,
    stderr_path: `${out}/${name}.stderr.txt`,
    elapsed_ms: 11,
  })
  return [
    get('/madre/power/policy/solo_madre/status', () => {
      const running = [...new Set([...windows.state().active_services, 'tentaculo_link'])]
      // Redis and the gateway run in the normal solo state, so madre never finds itself alone.
      return json({ status: 'ok', policy_active: false, running_services: running, expected_services: ['madre'] })
    }),
    // The open window stays in madre's books.
    post('/madre/power/policy/solo_madre/apply', () =>
      json({
        status: 'ok',
        policy: 'solo_madre',
        executed: windowServices.map(stop),
        out_dir: `${out}_${naive(now())}`,
        message: 'solo_madre applied',
      }),
    ),
  ]
}
