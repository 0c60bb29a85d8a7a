/** Asks an OpenAI-compatible endpoint for an answer, or for its models; its key and its circuit are the upstream's. */
import type { OpenAI } from 'openai'
import * as v from 'valibot'
import type { ModelName } from '../../../config/config.ts'
import { readJson } from '../../../lib/read-body.ts'
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
  ...history.slice(-historyTurns),
  { role: 'user', content: message },
]

/** Rejects with ChatFailure, GatewayError, or what the client library throws (failure.ts). */
export async function* askModel(upstream: Upstream, request: ModelRequest, limits: AskLimits): AsyncGenerator<Piece> {
  const { deadlineAt, idleMs, signal } = limits
  const answer = await upstream('/chat/completions', {
    method: 'POST',
    headers: headersOf(request.correlationId),
    body: new TextEncoder().encode(JSON.stringify(bodyOf(request))),
    limits: { idleMs },
    deadlineAt,
    signal,
  })
  if (answer.status !== 200) throw refusedBy(answer)
  yield* readCompletion(answer)
}

/** Its own headers alone: no token of the gateway leaves VX11. */
const headersOf = (correlationId: string): HeaderFields => ({
  accept: 'text/event-stream',
  'accept-encoding': 'identity',
  'content-type': 'application/json',
  'x-correlation-id': correlationId,
})

const bodyOf = ({ model, messages, temperature, maxTokens }: ModelRequest) =>
  ({
    model,
    messages: [...messages],
    stream: true,
    stream_options: { include_usage: true },
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { max_tokens: maxTokens }),
  }) satisfies OpenAI.Chat.ChatCompletionCreateParamsStreaming

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
