/** Asks madre. Her template, `fallback_local`, is no answer: the gateway's own one says more (contract madre/chat). */
import * as v from 'valibot'
import { contextHint } from '../exchanges/context-hint.ts'
import { askModule, type ModuleDeps } from './module.ts'
import { type AskLimits, ChatFailure, type Piece, type Question } from './provider.ts'

const MadreAnswer = v.looseObject({
  response: v.string(),
  model: v.fallback(v.nullish(v.pipe(v.string(), v.maxLength(128))), undefined),
  status: v.optional(v.string()),
  provider: v.fallback(v.nullish(v.string()), undefined),
})

/** What v7's chat clients read of it (contract chat/envelope). Its `status` and `session_id` would hide ours. */
const planMembers = ['intent_id', 'plan_id', 'mode', 'targets', 'actions'] as const

export async function* askMadreChat(deps: ModuleDeps, question: Question, limits: AskLimits): AsyncGenerator<Piece> {
  const { message, sessionId, correlationId, metadata } = question
  // Madre writes its context into its log, so of what was said it gets the summary alone, as v7 sent it.
  const { context_summary } = contextHint(question)
  const json = { message, session_id: sessionId, context: { ...metadata, context_summary } }
  const exchange = { target: '/madre/chat', correlationId, json, ...limits }
  yield* piecesOf(await askModule(deps, 'madre', MadreAnswer, exchange))
}

function* piecesOf(output: v.InferOutput<typeof MadreAnswer>): Generator<Piece> {
  if (output.status === 'ERROR') throw new ChatFailure('refused', 'status_ERROR')
  if (output.provider === 'fallback_local') throw new ChatFailure('empty', 'fallback_local')
  yield { kind: 'model', model: output.model ?? 'madre' }
  const members = planMembers.flatMap((name) => (output[name] === undefined ? [] : [[name, output[name]] as const]))
  if (members.length > 0) yield { kind: 'plan', members: Object.fromEntries(members) }
  if (output.response) yield { kind: 'token', text: output.response }
}
