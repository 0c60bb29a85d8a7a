/** Asks madre, which answers from a template unless it has a model of its own (upstream-contracts §4.2). */
import * as v from 'valibot'
import { readJson } from '../../lib/read-body.ts'
import type { Deps } from '../../ports.ts'
import { tellUpstream } from '../../upstream/ask.ts'
import { dormantUpstream } from '../../upstream/target.ts'
import { contextHint } from '../context-hint.ts'
import { refusedBy } from '../failure.ts'
import { type AskLimits, ChatFailure, type Piece, type Question } from '../provider.ts'

const longestAnswer = 1_048_576

const MadreAnswer = v.looseObject({
  response: v.string(),
  model: v.fallback(v.nullish(v.pipe(v.string(), v.maxLength(128))), undefined),
  status: v.optional(v.string()),
})

/** What v7's chat clients read of it (contract §7.3); its `status` and `session_id` would hide the envelope's. */
const planMembers = ['intent_id', 'plan_id', 'mode', 'targets', 'actions'] as const

export async function* askMadre(
  deps: Pick<Deps, 'config' | 'upstreams'>,
  question: Question,
  limits: AskLimits,
): AsyncGenerator<Piece> {
  const { message, sessionId, correlationId, metadata } = question
  // Madre writes its context into its log, so of what was said it gets the summary alone, as v7 sent it.
  const { context_summary } = contextHint(question)
  const answer = await tellUpstream(deps, 'madre', {
    target: '/madre/chat',
    correlationId,
    json: { message, session_id: sessionId, context: { ...metadata, context_summary } },
    limits: { idleMs: limits.idleMs },
    deadlineAt: limits.deadlineAt,
    signal: limits.signal,
  })
  if (!answer) throw dormantUpstream('madre')
  if (answer.status !== 200) throw refusedBy(answer)
  const told = v.safeParse(MadreAnswer, await readJson(answer.body, longestAnswer))
  if (!told.success) throw new ChatFailure('malformed', 'unknown_shape')
  yield* piecesOf(told.output)
}

function* piecesOf(told: v.InferOutput<typeof MadreAnswer>): Generator<Piece> {
  if (told.status === 'ERROR') throw new ChatFailure('refused', 'status_ERROR')
  yield { kind: 'model', model: told.model ?? 'madre' }
  const members = planMembers.flatMap((name) => (told[name] === undefined ? [] : [[name, told[name]] as const]))
  if (members.length > 0) yield { kind: 'plan', members: Object.fromEntries(members) }
  if (told.response) yield { kind: 'token', text: told.response }
}
