/** Asks switch, VX11's router of models, on the lane that the operator chose (contract switch/chat). */
import * as v from 'valibot'
import type { Config } from '../../../config/config.ts'
import { contextHint } from '../exchanges/context-hint.ts'
import { askModule, type ModuleDeps } from './module.ts'
import { type AskLimits, ChatFailure, type Piece, type Question } from './provider.ts'

/** An unknown status counts as an answer, as in v7; the words decide. */
const SwitchAnswer = v.object({
  status: v.optional(v.string(), 'ok'),
  provider: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(128))), undefined),
  model: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(128))), undefined),
  content: v.nullish(v.string()),
  reply: v.nullish(v.string()),
  response: v.nullish(v.string()),
  reasoning: v.fallback(v.nullish(v.string()), undefined),
  tokens_used: v.fallback(v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e9))), undefined),
})

const noAnswer = new Set(['error', 'service_offline'])

type Lane = Config['chat']['switchLane']

/** `lane` is the one by which it was decided who may ask: a reload may have opened the other since. */
export async function* askSwitch(
  deps: ModuleDeps,
  lane: Lane,
  question: Question,
  limits: AskLimits,
): AsyncGenerator<Piece> {
  const { message, correlationId } = question
  const metadata = metadataFor(lane, question)
  const json = { messages: [{ role: 'user', content: message }], metadata }
  const exchange = { target: '/switch/chat', correlationId, json, ...limits }
  yield* piecesOf(await askModule(deps, 'switch', SwitchAnswer, exchange))
}

/**
 * The language lane has a shell among its candidates, so a caller gets there by the operator's configuration alone:
 * on the models lane nothing of the caller's metadata travels, and the lane is named last.
 */
const metadataFor = (lane: Lane, question: Question): Record<string, unknown> =>
  lane === 'full'
    ? { ...question.metadata, ...contextHint(question) }
    : { ...contextHint(question), language_lane: false }

function* piecesOf(output: v.InferOutput<typeof SwitchAnswer>): Generator<Piece> {
  if (noAnswer.has(output.status)) throw new ChatFailure('refused', `status_${output.status}`)
  const model = output.model ?? output.provider
  if (model !== undefined) yield { kind: 'model', model }
  if (output.reasoning) yield { kind: 'reasoning', text: output.reasoning }
  const text = output.content || output.reply || output.response
  if (text) yield { kind: 'token', text }
  if (output.tokens_used != null)
    yield {
      kind: 'usage',
      usage: { promptTokens: null, completionTokens: null, reasoningTokens: null, totalTokens: output.tokens_used },
    }
}
