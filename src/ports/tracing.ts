/** Traces: the spans of a request and the context in which they are made. Absent as a whole where tracing is off. */

export type AttributeValue = string | number | boolean | readonly string[]

/** By the names of OpenTelemetry's semantic conventions; undefined and null are left out. */
export type SpanAttributes = Record<string, AttributeValue | undefined | null>

export type SpanKind = 'internal' | 'server' | 'client'

export interface SpanStart {
  name: string
  kind: SpanKind
  attributes?: SpanAttributes
}

export interface Span {
  readonly traceId: string
  /** False: nothing is kept, so nothing needs to be described. */
  readonly isRecorded: boolean
  /** May change until the end: a route is known after its request. */
  name: string
  set(attributes: SpanAttributes): void
  /** `error` is what the conventions call `error.type`, and marks the span as failed. Only the first call counts. */
  end(error?: string | null): void
}

/** Says for each query what it was and how long it took; the statements are parameterised. */
export type WatchQueries = <T>(statements: readonly string[], work: () => Promise<T>) => Promise<T>

/** A span without a recording one above it is not made; what is not sampled still has a trace id and travels on. */
export interface Tracing {
  /** Runs `work` in the context of a new span: below the current one, else below the caller's. */
  serve<T>(caller: { traceparent?: string; tracestate?: string }, start: SpanStart, work: (span: Span) => T): T
  /** True where `begin` makes spans. */
  records(): boolean
  /** A span below the current one; undefined where nothing is recorded. */
  begin(start: SpanStart): Span | undefined
  /** Runs `work` with this span as the current one; without a span as it is. */
  within<T>(span: Span | undefined, work: () => T): T
  /** Continues `pieces` in the given span's context, or in the current one, whoever reads them and whenever. */
  follow<T>(pieces: AsyncGenerator<T>, span?: Span): AsyncGenerator<T>
  /** The trace of the current context, sampled or not. */
  traceId(): string | undefined
  /** What a request to another service carries, with this span as parent; undefined outside of a trace. */
  headers(span?: Span): { traceparent: string; tracestate?: string } | undefined
}

/** Counts since the start. */
export interface TraceCounts {
  exported: number
  /** By reason: `queue_full`, `span_limit`, `not_delivered`, `refused`, `shutdown`. */
  dropped: Readonly<Record<string, number>>
  waiting: number
}
