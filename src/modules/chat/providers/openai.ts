/** Asks an OpenAI-compatible endpoint for an answer, or for its models; its key and its circuit are the upstream's. */
import * as v from 'valibot'
import type { ModelName } from '../../../config/config.ts'
import { discardBody, readJson } from '../../../lib/read-body.ts'
import type { HeaderFields, Models, Upstream } from '../../../ports/index.ts'
import { refusedBy } from '../chain/failure.ts'
import { readCompletion } from './completion.ts'
import type { AskLimits, Piece, Question, Turn } from './provider.ts'

export interface ModelRequest {
  model: string
  messages: readonly { role: 'system' | Turn['role']; content: string }[]
  correlationId: string
  temperature?: number
  maxTokens?: number
}

const historyTurns = 10

export const messagesOf = ({ history, message }: Question): ModelRequest['messages'] => [
  ...history
    .filter(({ fromModel }) => fromModel !== false)
    .slice(-historyTurns)
    .map(({ role, content }) => ({ role, content })),
  { role: 'user', content: message },
]

/** Endpoints that refused `stream_options`: the later questions go without. */
const withoutStreamOptions = new WeakSet<Upstream>()

/** Rejects with ChatFailure, GatewayError, or what the transport throws while the answer is read. */
export async function* askModel(upstream: Upstream, request: ModelRequest, limits: AskLimits): AsyncGenerator<Piece> {
  const plain = withoutStreamOptions.has(upstream)
  let answer = await complete(upstream, request, limits, plain)
  if (!plain && refusesOptions.has(answer.status)) {
    discardBody(answer.body)
    answer = await complete(upstream, request, limits, true)
    if (answer.status === 200) withoutStreamOptions.add(upstream)
  }
  if (answer.status !== 200) throw refusedBy(answer)
  yield* readCompletion(answer)
}

const refusesOptions = new Set([400, 422])

function complete(upstream: Upstream, request: ModelRequest, limits: AskLimits, plain: boolean) {
  const { deadlineAt, idleMs, signal } = limits
  return upstream('/chat/completions', {
    method: 'POST',
    headers: headersOf(request.correlationId),
    body: new TextEncoder().encode(JSON.stringify(bodyOf(request, plain))),
    limits: { idleMs },
    deadlineAt,
    signal,
  })
}

/** Its own headers alone: no token of the gateway leaves VX11. */
const headersOf = (correlationId: string): HeaderFields => ({
  accept: 'text/event-stream',
  'accept-encoding': 'identity',
  'content-type': 'application/json',
  'x-correlation-id': correlationId,
})

const bodyOf = ({ model, messages, temperature, maxTokens }: ModelRequest, plain: boolean) => ({
  model,
  messages,
  stream: true,
  ...(!plain && { stream_options: { include_usage: true } }),
  ...(temperature !== undefined && { temperature }),
  ...(maxTokens !== undefined && { max_tokens: maxTokens }),
})

const maxListLength = 1_048_576
const listLimits = { connectMs: 2000, firstByteMs: 2000, idleMs: 2000 }
const Listed = v.object({ data: v.array(v.object({ id: v.pipe(v.string(), v.maxLength(128)) })) })

/** The models that the endpoint lists, which costs no tokens; null when it does not answer. Never rejects. */
export async function listModels(models: Models, name: ModelName, correlationId: string): Promise<string[] | null> {
  try {
    const headers = { ...headersOf(correlationId), accept: 'application/json' }
    // Past the circuit: this is how one learns that it may close.
    const init = { method: 'GET', headers, body: null, limits: listLimits, purpose: 'health' as const }
    const answer = await models[name]?.('/models', init)
    if (!answer) return null
    if (answer.status !== 200) throw refusedBy(answer)
    return v.parse(Listed, await readJson(answer.body, maxListLength)).data.map(({ id }) => id)
  } catch {
    return null
  }
}
