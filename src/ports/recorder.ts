/** Records finished work for timelines. */

/** A part of recorded work: a try of a request, or a provider of a chat. */
export interface RecordedStep {
  name: string
  /** After the beginning of the whole. */
  startMs: number
  /** Null where nothing was asked. */
  durationMs: number | null
  /** A status, or a word for what happened instead. */
  outcome: number | string
  /** The parent that the other side got in `traceparent`. */
  spanId?: string
}

/** Refused: by a guard, a policy or a check. Cancelled: by its caller. */
export type RecordedOutcome = 'ok' | 'refused' | 'cancelled' | 'failed'

export interface RecordedDecision {
  code: 'not_sent' | 'retried' | 'circuit' | 'cached' | 'fell_back'
  values: Readonly<Record<string, string | number>>
}

/** One proxied request, chat exchange or change of the power window. */
export interface RecordedWork {
  kind: 'request' | 'chat' | 'window'
  /** Its end, in epoch milliseconds. */
  at: number
  durationMs: number
  correlationId: string
  /** The caller's; may be invalid. */
  traceparent?: string | undefined
  /** Null on public routes. */
  principal: string | null
  /** The upstream, or the provider that answered. */
  target: string
  /** Method and route template, or the act. */
  name: string
  outcome: RecordedOutcome
  status: number | null
  /** An error code of the catalogue. */
  error: string | null
  /** What the gateway decided on its own. */
  decisions: readonly RecordedDecision[]
  steps: readonly RecordedStep[]
}

/** Stores finished work; counts what it cannot store. */
export interface WorkRecorder {
  /** Returns at once. */
  record(work: RecordedWork): void
  /** Resolves when all recorded work is stored or counted as lost. Never rejects. */
  flush(): Promise<void>
}
