/** The contract between the chat and a provider: the question, the answer and the failure. */
import type { CancelSignal } from '../../../ports/index.ts'

/** In the order in which a chat tries them, unless it learns another (docs/rotation.md). */
export const providerNames = ['switch', 'deepseek_r1', 'mock', 'local_llm', 'madre', 'local'] as const
export type ProviderName = (typeof providerNames)[number]

/** One earlier message of the conversation. */
export interface Turn {
  role: 'user' | 'assistant'
  content: string
  /** False for what the gateway said by itself: no model should read that as its own earlier words. */
  fromModel?: boolean
}

export interface Question {
  message: string
  sessionId: string
  correlationId: string
  /** The latest turns before this message, oldest first. */
  history: readonly Turn[]
  /** What the caller sent beside the message; upstream it is a hint, and nowhere else anything. */
  metadata: Readonly<Record<string, unknown>>
  /** Newest first, for the local answer; null when the database does not answer. */
  lastEvents: readonly PastEvent[] | null
}

export interface PastEvent {
  at: string
  severity: string
  summary: string
}

export interface TokenUsage {
  promptTokens: number | null
  completionTokens: number | null
  /** Part of the completion's; null where the provider does not report it. */
  reasoningTokens: number | null
  totalTokens: number
}

/** An answer as it arrives. The text of all tokens together is the answer. */
export type Piece =
  | { kind: 'token'; text: string }
  | { kind: 'reasoning'; text: string }
  | { kind: 'model'; model: string }
  | { kind: 'usage'; usage: TokenUsage }
  /** Why the model stopped, in the endpoint's word: `stop`, `length`, `content_filter` ... */
  | { kind: 'finish'; reason: string }
  /** Madre's answer beside its text. */
  | { kind: 'plan'; members: Readonly<Record<string, unknown>> }

/** How long an answer may take, and who waits for it. */
export interface AskLimits {
  /** Epoch milliseconds: the first byte must be there. */
  deadlineAt: number
  /** The longest silence after it. */
  idleMs: number
  signal: CancelSignal
}

/** `refused`: an answer with another status than 200, or one that calls itself an error. */
export type FailureKind = 'unreachable' | 'timeout' | 'refused' | 'malformed' | 'empty'

/** Why an answer did not come; `reason` is coarse and ours, never the provider's words. */
export class ChatFailure extends Error {
  override readonly name = 'ChatFailure'
  readonly kind: FailureKind
  readonly reason: string | null

  constructor(kind: FailureKind, reason: string | null = null, options?: ErrorOptions) {
    super(reason === null ? kind : `${kind} (${reason})`, options)
    this.kind = kind
    this.reason = reason
  }
}

/** Why a provider is not asked at all. */
export type SkipReason = 'not_configured' | 'off_by_policy' | 'cooling_down' | 'daily_tokens_spent' | 'may_act'

export interface Provider {
  /** Unique in a chain: its kind, or `kind/model` where VX11_CHAT_MODELS lists several models of one endpoint. */
  name: string
  kind: ProviderName
  /** What the envelope calls it (contract chat/envelope). */
  label: string
  fallbackSource: string
  /** Its share of the time that is left, in proportion to those after it; 0 for one that needs none. */
  weight: number
  /** Whether its answers count against the tokens of the day. */
  usesTokens: boolean
  configured: boolean
  /** False for madre and the local answer, which stand in where no model answers. */
  isModel: boolean
  /** The model that it is asked for, where that is configured. */
  model?: string
  /** Null when policy lets it be asked, by a power state as old as the caller accepts; only of a configured one. */
  refusal(acceptedMs?: number): Promise<SkipReason | null>
  /** Its answer may enqueue jobs or start processes, so only an administrator's message goes there. */
  acts?: boolean
  ask(question: Question, limits: AskLimits): AsyncIterable<Piece>
  /** Checks in the background whether it answers again; absent for a provider that cannot fail. */
  probe?(): Promise<boolean>
}
