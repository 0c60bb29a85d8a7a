/** Describes a finished chat exchange for timelines: who was asked, for how long, and what came of it. */
import { type Answer, type Attempt, askedOnes } from '../../modules/chat/chain/answer.ts'
import type { RecordedDecision, RecordedOutcome, RecordedStep, RecordedWork } from '../../ports/index.ts'
import type { ChatEnvelope } from './schema.ts'
import type { OpenExchange } from './service.ts'

interface Finished {
  answer: Answer
  envelope: ChatEnvelope
  /** Epoch milliseconds. */
  at: number
  durationMs: number
}

export function recordedChat(exchange: OpenExchange, { answer, envelope, at, durationMs }: Finished): RecordedWork {
  const { caller, correlationId, startedAt } = exchange
  return {
    ...{ kind: 'chat', at, durationMs, correlationId, status: null, name: 'chat' },
    ...{ traceparent: caller.traceparent, principal: caller.principal, target: envelope.provider },
    ...{ outcome: outcomeOf(answer, envelope), error: answer.broken?.kind ?? null },
    decisions: decisionsOf(envelope),
    steps: answer.attempts.map((attempt) => stepOf(attempt, startedAt)),
  }
}

function outcomeOf(answer: Answer, { status, degraded }: ChatEnvelope): RecordedOutcome {
  const tried = askedOnes(answer.attempts).some(({ outcome }) => outcome !== 'answered')
  if (answer.provider === null || answer.broken || (degraded && tried)) return 'failed'
  return status === 'interrupted' ? 'cancelled' : 'ok'
}

function decisionsOf({ cache_hit, degraded, provider }: ChatEnvelope): RecordedDecision[] {
  if (cache_hit) return [{ code: 'cached', values: {} }]
  return degraded ? [{ code: 'fell_back', values: { provider } }] : []
}

const stepOf = ({ provider, outcome, reason, startedAt, latencyMs }: Attempt, began: number): RecordedStep => ({
  name: provider,
  startMs: startedAt === undefined ? 0 : startedAt - began,
  durationMs: latencyMs,
  outcome: reason === null ? outcome : `${outcome} (${reason})`,
})
