/** A simulated switch: health, chat on both lanes, tasks and its lists (docs/contract/upstreams/switch.md). */
import { randomInt } from 'node:crypto'
import * as v from 'valibot'
import { type Answer, json, refuse } from './answers.ts'
import { Dict } from './body.ts'
import type { Exchange } from './exchange.ts'
import { get, type Handler, post } from './routing.ts'
import { type ListenOptions, type Simulator, startSimulator } from './simulator.ts'

export interface SwitchOptions extends ListenOptions {
  /** What every route but `/health` wants as `X-VX11-Token`. */
  token?: string
  /** The content that the models lane gives; empty by default, which is what the real one manages. */
  modelReply?: (lastMessage: string) => string
}

const ChatRequest = v.object({
  messages: v.array(v.object({ role: v.string(), content: v.string() })),
  provider: v.nullish(v.string()),
  provider_hint: v.nullish(v.string()),
  metadata: v.optional(Dict, {}),
})

const TaskRequest = v.object({
  task_type: v.string(),
  payload: Dict,
  source: v.optional(v.string(), 'operator'),
  provider_hint: v.nullish(v.string()),
})

export function startSwitch(options: SwitchOptions = {}): Promise<Simulator> {
  const { token = 'switch-token', modelReply = () => '' } = options
  /** Missing and wrong are one and the same to switch. */
  const guarded = (handler: Handler): Handler => {
    return (exchange) => {
      if (exchange.header('x-vx11-token') !== token) throw refuse(401, 'auth_required')
      return handler(exchange)
    }
  }
  const routes = [
    get('/health', () => json({ status: 'ok', module: 'switch', ...models, queue_size: 0 })),
    post(
      '/switch/chat',
      guarded(async (exchange) => chat(await exchange.body(ChatRequest), modelReply)),
    ),
    post(
      '/switch/task',
      guarded(async (exchange) => task(await exchange.body(TaskRequest))),
    ),
    get(
      '/switch/providers',
      guarded(() => json(providers)),
    ),
    get(
      '/switch/queue/status',
      guarded(() => json({ size: 0, items: [] })),
    ),
    get(
      '/switch/context',
      guarded(() => json({ status: 'ok', mode: 'BALANCED', ...models, queue_size: 0, token_required: true })),
    ),
  ]
  return startSimulator({ title: 'switch', routes, intercept: preflight }, options)
}

const models = { active_model: 'general-7b', warm_model: 'audio-engineering' }

const providers = {
  status: 'ok',
  providers: [
    { name: 'copilot', kind: 'cli', status: 'unavailable', rate_limit_daily: 100 },
    { name: 'generic_shell', kind: 'cli', status: 'available', rate_limit_daily: 1000 },
    { name: 'general-7b', kind: 'local', status: 'active' },
    { name: 'audio-engineering', kind: 'local', status: 'warm' },
  ],
}

/** The language lane would run text in a shell; here it falls to the stub, as it does when no command works. */
function chat({ messages, metadata }: v.InferOutput<typeof ChatRequest>, modelReply: (last: string) => string): Answer {
  const last = messages.at(-1)?.content ?? ''
  const said = (engine: object, content: string) => ({
    ...{ status: 'ok', ...engine, content, reply: content },
    ...{ latency_ms: 3, tokens_used: null, used_cli: false },
  })
  if (metadata.language_lane !== false) {
    const engine = { provider: 'general-7b', engine_used: 'general-7b', decision: 'local' }
    return json({ ...said(engine, `[local-7b] ${last}`), fallback_reason: 'cli_unavailable' })
  }
  const engine = { provider: 'gpt4', engine_used: 'gpt4', decision: 'cli' }
  return json({ ...said(engine, modelReply(last)), fallback_reason: null, reasoning: 'default routing' })
}

const intentKeys = ['intent_type', 'task_type', 'intent', 'kind']

/** A task that starts with spawn, stream or audio asks for a service that is down here. */
function task({ task_type, payload }: v.InferOutput<typeof TaskRequest>): Answer {
  const nested = v.is(Dict, payload.metadata) ? payload.metadata : {}
  const words = [task_type, ...intentKeys.flatMap((key) => [payload[key], nested[key]])]
  const intent = words.find((word) => typeof word === 'string' && /^(spawn|stream|audio)/.test(word))
  const queue_id = randomInt(1, 1_000_000)
  if (intent === undefined) {
    const result = { status: 'accepted', engine: 'hermes', payload }
    return json({
      status: 'ok',
      task_type,
      provider: 'gpt4',
      decision: 'CLI',
      result,
      latency_ms: 17,
      queue_id,
      reasoning: 'default routing',
    })
  }
  const service = String(intent).startsWith('spawn') ? 'spawner' : 'shubniggurath'
  const plan = {
    intent,
    service,
    action: 'start_service',
    power: { status: 'plan', apply: false, service, action: 'start' },
  }
  return json({
    status: 'degraded',
    state: 'pending',
    intent,
    queue_id,
    service,
    plan,
    message: 'servicio_no_disponible',
  })
}

/** Switch answers a real CORS preflight; a plain OPTIONS is a wrong method like any other. */
function preflight({ method, header }: Exchange): Answer | null {
  const origin = header('origin')
  if (method !== 'OPTIONS' || !origin || !header('access-control-request-method')) return null
  const headers = { 'access-control-allow-origin': origin, 'access-control-allow-methods': 'GET, POST', vary: 'Origin' }
  return { status: 200, contentType: 'text/plain; charset=utf-8', body: 'OK', headers }
}
