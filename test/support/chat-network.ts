/** A switch, a DeepSeek and a madre on the fake network, each well or broken in a way of its own. */
import { TransportError } from '../../src/errors/gateway-error.ts'
import type { UpstreamAnswer } from '../../src/ports/index.ts'
import { type Exchange, type FakeNetwork, jsonAnswer } from './fake-network.ts'

export const urls = {
  switch: 'http://switch.test:8002',
  deepseek: 'https://deepseek.test/v1',
  localLlm: 'http://llm.test:11434/v1',
  madre: 'http://madre.test:8001',
} as const

export const chatEnvironment = {
  SWITCH_URL: urls.switch,
  VX11_CHAT_ALLOW_DEEPSEEK: '1',
  DEEPSEEK_API_KEY: 'deepseek-key-for-tests',
  DEEPSEEK_BASE_URL: urls.deepseek,
}

type Answer = Parameters<FakeNetwork['answer']>[1]

/** Answers only when it is given up, as a network does. */
const never: Answer = ({ init }) =>
  new Promise((_, reject) => {
    init.signal?.addEventListener('abort', () => reject(new TransportError('aborted')), { once: true })
  })

const text = (body: string, contentType = 'application/json'): UpstreamAnswer => ({
  status: 200,
  headers: { 'content-type': contentType },
  body: new TextEncoder().encode(body),
})

const switchReply = (content: string) => ({
  ...{ status: 'ok', provider: 'gpt4', decision: 'cli', content, reply: content },
  ...{ latency_ms: 3, engine_used: 'gpt4', used_cli: false, fallback_reason: null, tokens_used: 7 },
})

/** What POST /switch/chat does. `dormant` and `off_by_policy` are no answers of its. */
export const switches = {
  up: () => jsonAnswer(switchReply('switch says hello')),
  slow: never,
  '422': () => jsonAnswer({ detail: [{ loc: ['body', 'messages'], msg: 'Field required', type: 'missing' }] }, 422),
  '500': () => ({ ...text('Internal Server Error', 'text/plain'), status: 500 }),
  garbage: () => text('<html>not json'),
  empty: () => jsonAnswer(switchReply('')),
  unreachable: new TransportError('unreachable'),
} satisfies Record<string, Answer>

export const chunk = (delta: object, more: object = {}) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: 'deepseek-reasoner', choices: [{ index: 0, delta, finish_reason: null }], ...more })}\n\n`

const ending =
  `data: ${JSON.stringify({ model: 'deepseek-reasoner', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n` +
  `data: ${JSON.stringify({ model: 'deepseek-reasoner', choices: [], usage: { prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 } })}\n\n` +
  'data: [DONE]\n\n'

const spoken = [
  chunk({ reasoning_content: 'thinking' }),
  ...['deep', 'seek ', 'says hello'].map((content) => chunk({ content })),
]

/** A body of these frames; it ends, stays open, or breaks. */
export function sse(frames: readonly string[], then: 'end' | 'stall' | 'break' = 'end'): UpstreamAnswer {
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const frame of frames) controller.enqueue(encoder.encode(frame))
      if (then === 'end') controller.close()
      if (then === 'break') controller.error(new TransportError('reset'))
    },
  })
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body }
}

export const deepseeks = {
  up: () => sse([...spoken, ending]),
  '401': () => jsonAnswer({ error: { message: 'Authentication Fails', type: 'authentication_error' } }, 401),
  '429': () => jsonAnswer({ error: { message: 'Rate limit reached' } }, 429),
  '500': () => jsonAnswer({ error: { message: 'Server error' } }, 500),
  stalled: () => sse(spoken, 'stall'),
  malformed: () => sse([...spoken.slice(0, 1), 'data: {"choices": [{"delta": {"content": "x\n\n']),
  slow: never,
  cut: () => sse(spoken),
  broken: () => sse(spoken.slice(0, 1), 'break'),
  'error in stream': () => sse([`data: ${JSON.stringify({ error: { message: 'overloaded' } })}\n\n`]),
  'reasoning alone': () => sse([...spoken.slice(0, 1), ending]),
  'whole json': () =>
    jsonAnswer({
      model: 'deepseek-reasoner',
      choices: [{ message: { content: 'deepseek says hello', reasoning_content: 'thinking' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 5, completion_tokens: 6, total_tokens: 11 },
    }),
} satisfies Record<string, Answer>

export const madres = {
  up: () =>
    jsonAnswer({
      ...{ response: 'Plan executed. Mode: MADRE. Status: DONE', session_id: 's', intent_id: 'i-1', plan_id: 'p-1' },
      ...{ status: 'DONE', mode: 'MADRE', provider: 'deepseek', model: 'local' },
      ...{ warnings: [], targets: [], actions: [{ step: 'NOOP', result: {} }] },
    }),
  down: new TransportError('unreachable'),
  slow: never,
} satisfies Record<string, Answer>

export interface Neighbours {
  switch?: keyof typeof switches
  deepseek?: keyof typeof deepseeks
  madre?: keyof typeof madres
  /** Whether madre holds a window for switch open; true unless said otherwise. */
  window?: boolean
}

export function populate({ answer }: FakeNetwork, { window = true, ...neighbours }: Neighbours): void {
  const open = { policy: 'windowed', window_id: 'w-1', created_at: '2027-01-15T08:00:00Z', deadline: null }
  const closed = { policy: 'solo_madre', window_id: null, created_at: null, deadline: null }
  const state = {
    ...(window ? open : closed),
    ttl_remaining_sec: null,
    active_services: window ? ['madre', 'switch'] : ['madre'],
  }
  answer(`${urls.madre}/madre/power/state`, () => jsonAnswer(state))
  answer(`${urls.switch}/switch/chat`, switches[neighbours.switch ?? 'unreachable'])
  answer(
    `${urls.deepseek}/chat/completions`,
    neighbours.deepseek ? deepseeks[neighbours.deepseek] : new TransportError('unreachable'),
  )
  answer(`${urls.madre}/madre/chat`, madres[neighbours.madre ?? 'down'])
}

export const sentJson = ({ init }: Exchange) => JSON.parse(new TextDecoder().decode(init.body as Uint8Array))

export interface SseEvent {
  event: string
  // biome-ignore lint/suspicious/noExplicitAny: what a client reads
  data: any
}

export const readEvents = (body: string): SseEvent[] =>
  body
    .split('\n\n')
    .filter((frame) => frame.startsWith('event: '))
    .map((frame) => {
      const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/s.exec(frame) ?? []
      return { event, data: JSON.parse(data) }
    })
