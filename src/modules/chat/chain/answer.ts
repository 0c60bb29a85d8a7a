/** An answer while it grows, and how it came about. */
import type { ChatFailure, FailureKind, Piece, Provider, SkipReason, TokenUsage } from '../providers/provider.ts'

export interface Attempt {
  provider: string
  outcome: 'answered' | FailureKind | SkipReason
  reason: string | null
  /** Null where nothing was asked. */
  latencyMs: number | null
  /** Until the first token or reasoning; null without one. */
  firstTokenMs: number | null
  /** On the monotonic clock; absent outside of a chain. */
  startedAt?: number
}

export interface Answer {
  /** The provider of the text; null before the first. */
  provider: Provider | null
  text: string
  reasoning: string
  model: string | null
  usage: TokenUsage | null
  /** Why the model stopped; null where the provider does not report it. */
  finishReason: string | null
  plan: Readonly<Record<string, unknown>>
  attempts: Attempt[]
  /** Why it ended before its end. */
  broken: ChatFailure | null
}

export const noAnswer = (): Answer => ({
  provider: null,
  text: '',
  reasoning: '',
  model: null,
  usage: null,
  finishReason: null,
  plan: {},
  attempts: [],
  broken: null,
})

/** Of a provider that failed: what was tried stays. */
export const takeBack = (answer: Answer): void => {
  Object.assign(answer, { ...noAnswer(), attempts: answer.attempts })
}

export function addPiece(answer: Answer, piece: Piece): void {
  if (piece.kind === 'token') answer.text += piece.text
  else if (piece.kind === 'reasoning') answer.reasoning += piece.text
  else if (piece.kind === 'model') answer.model = piece.model
  else if (piece.kind === 'usage') answer.usage = piece.usage
  else if (piece.kind === 'finish') answer.finishReason = piece.reason
  else answer.plan = piece.members
}

export const isSpoken = (piece: Piece): piece is Extract<Piece, { kind: 'token' | 'reasoning' }> =>
  piece.kind === 'token' || piece.kind === 'reasoning'

const wasAsked = ({ latencyMs }: Attempt): boolean => latencyMs !== null
export const askedOnes = (attempts: readonly Attempt[]): Attempt[] => attempts.filter(wasAsked)

/** What was tried and why it failed, one line each. */
export const warningsOf = (attempts: readonly Attempt[]): string[] =>
  attempts
    .filter(({ outcome }) => outcome !== 'answered')
    .map(({ provider, outcome, reason }) => `${provider}: ${outcome}${reason === null ? '' : ` (${reason})`}`)
