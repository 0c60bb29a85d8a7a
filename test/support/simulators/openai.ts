/** A simulated OpenAI-compatible server: models, and chat completions that stream, stall, cut and lie. */
import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { json, refuse } from './answers.ts'
import type { Exchange } from './exchange.ts'
import { get, post } from './routing.ts'
import { type ListenOptions, type Simulator, startSimulator } from './simulator.ts'

export interface OpenAiOptions extends ListenOptions {
  /** What it wants as a bearer token; null for a server on the operator's own machine. */
  key?: string | null
  model?: string
  /** What it says, a token for each entry. */
  words?: readonly string[]
  reasoning?: readonly string[]
}

/** How a stream goes wrong after three tokens; `comments` sends keep-alives before the first, as DeepSeek does. */
export type Manner = 'well' | 'comments' | 'stalls' | 'cuts' | 'ends early' | 'malformed' | 'error' | 'endless' | 'lies'

export interface OpenAiSimulator extends Simulator {
  behave(manner: Manner): void
}

const ChatRequest = v.object({
  model: v.string(),
  messages: v.array(v.object({ role: v.string(), content: v.string() })),
  stream: v.optional(v.boolean(), false),
  stream_options: v.optional(v.object({ include_usage: v.boolean() })),
})

export async function startOpenAi(options: OpenAiOptions = {}): Promise<OpenAiSimulator> {
  const { key = 'openai-key', model = 'deepseek-reasoner' } = options
  const { words = ['deep', 'seek', ' says', ' hello'], reasoning = ['let me', ' think'] } = options
  let manner: Manner = 'well'
  const guarded = (exchange: Exchange) => {
    if (key !== null && exchange.header('authorization') !== `Bearer ${key}`) throw refuse(401, 'Authentication Fails')
  }
  const usage = {
    prompt_tokens: 9,
    completion_tokens: words.length + reasoning.length,
    total_tokens: 9 + words.length + reasoning.length,
  }
  const usageTold = { ...usage, completion_tokens_details: { reasoning_tokens: reasoning.length } }

  async function complete(exchange: Exchange) {
    guarded(exchange)
    const { stream } = await exchange.body(ChatRequest)
    const message = { role: 'assistant', content: words.join(''), reasoning_content: reasoning.join('') }
    if (!stream) return json({ model, choices: [{ index: 0, message, finish_reason: 'stop' }], usage: usageTold })
    await speak(exchange, manner)
    return null
  }

  async function speak({ response, signal }: Exchange, now: Manner): Promise<void> {
    const length = now === 'lies' ? { 'content-length': 40 } : {}
    response.writeHead(200, { 'content-type': 'text/event-stream', ...length })
    response.strictContentLength = false
    const chunk = (delta: object, finish_reason: string | null = null) =>
      response.write(
        `data: ${JSON.stringify({ object: 'chat.completion.chunk', model, choices: [{ index: 0, delta, finish_reason }] })}\n\n`,
      )
    if (now === 'comments') for (let count = 0; count < 3; count++) response.write(': keep-alive\n\n')
    for (const reasoning_content of reasoning) chunk({ reasoning_content })
    for (const [position, content] of words.entries()) {
      if (position === 3 && now !== 'well' && now !== 'comments') break
      chunk({ content })
    }
    if (now === 'stalls') return hold(signal)
    if (now === 'cuts') {
      // A reset would overtake what is still being sent.
      await delay(50)
      return void response.destroy()
    }
    if (now === 'ends early' || now === 'lies') return void response.end()
    if (now === 'malformed') return void response.end('data: {"choices": [{"delta": {"content": "\n\n')
    if (now === 'error') return void response.end(`data: ${JSON.stringify({ error: { message: 'overloaded' } })}\n\n`)
    while (now === 'endless' && !signal.aborted) {
      chunk({ content: ' and' })
      await delay(20)
    }
    chunk({}, 'stop')
    response.write(`data: ${JSON.stringify({ model, choices: [], usage: usageTold })}\n\n`)
    response.end('data: [DONE]\n\n')
  }

  const models = (exchange: Exchange) => {
    guarded(exchange)
    return json({ object: 'list', data: [{ id: model, object: 'model', owned_by: 'simulator' }] })
  }
  const simulator = await startSimulator(
    { title: 'openai', routes: [post('/v1/chat/completions', complete), get('/v1/models', models)] },
    options,
  )
  const behave = (next: Manner) => {
    manner = next
  }
  return { ...simulator, behave }
}

const hold = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
