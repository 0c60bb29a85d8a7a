/** Asks one provider after the other until one answers: the same loop for streamed and for whole answers. */
import { GatewayError } from '../../../errors/gateway-error.ts'
import type { CancelSignal, Clock, Metrics, Span, Tracing } from '../../../ports/index.ts'
import { ChatFailure, type Piece, type Provider, type Question, type SkipReason } from '../providers/provider.ts'
import type { ProviderStates } from '../providers/provider-states.ts'
import { type Answer, type Attempt, addPiece, isSpoken, takeBack } from './answer.ts'
import { failureOf } from './failure.ts'
import { beginStep, endStep } from './step-span.ts'
import { timeShareMs } from './time-shares.ts'
import { timedAnswer } from './timed-answer.ts'

export interface ChainDeps {
  clock: Clock
  metrics: Pick<Metrics, 'chatAttempted'>
  providers: readonly Provider[]
  states: ProviderStates
  tracing?: Tracing | undefined
}

export interface ChainRules {
  /** Epoch milliseconds for the whole answer; of a streamed one, for the first piece of it. */
  deadlineAt: number
  streamed: boolean
  /** The longest silence within a streamed answer. */
  silenceMs: number
  signal: CancelSignal
  /** Only the first that is configured is asked. */
  disableFallbacks: boolean
  /** The principal has used up the tokens of the day. */
  tokensSpent: boolean
  /** The principal has scope admin. */
  mayAct: boolean
}

/** A second `start` takes back what the first one's provider said. */
export type ChainEvent =
  | { kind: 'start'; provider: Provider; attempts: readonly Attempt[] }
  | Extract<Piece, { kind: 'token' | 'reasoning' }>

const maxStreamMs = 300_000
const notAsked = { reason: null, latencyMs: null, firstTokenMs: null }

/**
 * Fills in `answer`, whose provider stays null without an answer. Yields events for a streamed answer only; once a
 * token was sent no other provider can take over, and a failure is left in `answer.broken`. Rejects with
 * client_closed_request.
 */
export async function* answerChain(
  deps: ChainDeps,
  question: Question,
  answer: Answer,
  rules: ChainRules,
): AsyncGenerator<ChainEvent> {
  const configured = deps.providers.filter((provider) => provider.configured)
  const chain = rules.disableFallbacks ? configured.slice(0, 1) : deps.providers
  for (const [position, provider] of chain.entries()) {
    const epoch = await enter(deps.states, provider, rules)
    if (typeof epoch === 'string') {
      const startedAt = deps.clock.monotonic()
      answer.attempts.push({ provider: provider.name, outcome: epoch, ...notAsked, startedAt })
      continue
    }
    const step = beginStep(deps.tracing, provider, rules.streamed)
    const { finish, heard } = finisher(deps, answer, provider, epoch, step)
    try {
      const pieces = attempt(deps, question, answer, { rules, provider, rest: chain.slice(position), heard })
      yield* step && deps.tracing ? deps.tracing.follow(pieces, step) : pieces
      finish(null)
      return
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'client_closed_request') throw error
      const failure = failureOf(error)
      finish(failure)
      if (rules.streamed && answer.text !== '') {
        answer.broken = failure
        return
      }
      takeBack(answer)
    } finally {
      // Only where nothing else ended it: the caller has left.
      step?.end('client_closed_request')
    }
  }
}

/** The epoch of the provider's circuit, or why it is not asked. */
async function enter(states: ProviderStates, provider: Provider, rules: ChainRules): Promise<number | SkipReason> {
  if (rules.signal.aborted) throw new GatewayError('client_closed_request')
  if (!provider.configured) return 'not_configured'
  if (provider.acts && !rules.mayAct) return 'may_act'
  if (rules.tokensSpent && provider.usesTokens) return 'daily_tokens_spent'
  return (await provider.refusal()) ?? states.enter(provider.name) ?? 'cooling_down'
}

/** `finish` reports the attempt's outcome to metrics, states and the answer, `heard` that words have come. */
function finisher(
  { clock, metrics, states }: ChainDeps,
  answer: Answer,
  { name }: Provider,
  epoch: number,
  step: Span | undefined,
) {
  const startedAt = clock.monotonic()
  let firstTokenMs: number | null = null
  const heard = (): void => {
    firstTokenMs ??= clock.monotonic() - startedAt
  }
  const finish = (failure: ChatFailure | null): void => {
    const latencyMs = clock.monotonic() - startedAt
    const { kind: outcome = 'answered', reason = null } = failure ?? {}
    answer.attempts.push({ provider: name, outcome, reason, latencyMs, firstTokenMs, startedAt })
    metrics.chatAttempted({ provider: name, outcome, durationMs: latencyMs })
    endStep(step, answer, failure)
    if (failure) states.failed(name, epoch, failure)
    else states.succeeded(name, epoch, latencyMs)
  }
  return { finish, heard }
}

interface Turn {
  rules: ChainRules
  provider: Provider
  /** This one and those after it. */
  rest: readonly Provider[]
  heard: () => void
}

async function* attempt(
  { clock, states }: ChainDeps,
  question: Question,
  answer: Answer,
  { rules, provider, rest, heard }: Turn,
): AsyncGenerator<ChainEvent> {
  const { silenceMs } = rules
  const askable = rest.filter(({ name, configured }) => configured && states.read(name).circuit === 'closed')
  const allowed = timeShareMs(
    rules.deadlineAt - clock.monotonic(),
    askable.map(({ weight }) => weight),
  )
  const deadlineAt = clock.monotonic() + allowed
  const ended = new AbortController()
  const pieces = provider.ask(question, { deadlineAt, idleMs: Math.max(allowed, silenceMs), signal: ended.signal })
  const streamEndsAt = clock.monotonic() + maxStreamMs
  let spoke = false
  const nextWithinMs = () =>
    rules.streamed && spoke ? Math.min(silenceMs, streamEndsAt - clock.monotonic()) : deadlineAt - clock.monotonic()
  answer.provider = provider
  const timing = { clock, nextWithinMs, signal: rules.signal, end: () => ended.abort() }
  for await (const piece of timedAnswer(pieces, timing)) {
    addPiece(answer, piece)
    if (!isSpoken(piece)) continue
    heard()
    if (!rules.streamed) continue
    if (!spoke) yield { kind: 'start', provider, attempts: answer.attempts }
    spoke = true
    yield piece
  }
  if (answer.text.trim() === '') throw new ChatFailure('empty')
}
