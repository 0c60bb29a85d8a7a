/** A span while it is made, and what all spans of one request share. */
import type { TraceParent } from '../../lib/trace-context.ts'
import type { Span, SpanAttributes, SpanKind } from '../../ports/index.ts'

/** A span that has ended; moments are epoch milliseconds with fractions. */
export interface FinishedSpan extends Pick<TraceParent, 'traceId' | 'spanId'> {
  parentId: string | null
  tracestate: string | undefined
  name: string
  kind: SpanKind
  startedAt: number
  endedAt: number
  attributes: SpanAttributes
  failed: boolean
}

/** One request of a caller. */
export interface LocalTrace extends Omit<TraceParent, 'spanId'> {
  tracestate: string | undefined
  /** Keeps moments of one request in order although the wall clock may be set. */
  now: () => number
  /** Spans are made while it is above 0: work that a request began and that outlives it belongs to no request. */
  holds: number
  /** How many further spans it may have: what runs for hours must not grow without end. */
  left: number
  ended: (span: FinishedSpan) => void
}

export class TraceSpan implements Span {
  readonly trace: LocalTrace
  readonly spanId: string
  name: string
  readonly #parentId: string | null
  readonly #kind: SpanKind
  readonly #startedAt: number
  readonly #attributes: SpanAttributes
  #isOpen = true

  constructor(
    trace: LocalTrace,
    spanId: string,
    parentId: string | null,
    start: { name: string; kind: SpanKind; attributes?: SpanAttributes },
  ) {
    this.trace = trace
    this.spanId = spanId
    this.name = start.name
    this.#parentId = parentId
    this.#kind = start.kind
    this.#attributes = start.attributes ?? {}
    this.#startedAt = trace.sampled ? trace.now() : 0
  }

  get traceId(): string {
    return this.trace.traceId
  }

  get isRecorded(): boolean {
    return this.trace.sampled
  }

  set(attributes: SpanAttributes): void {
    if (this.trace.sampled) Object.assign(this.#attributes, attributes)
  }

  end(error: string | null = null): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    const { trace, spanId, name } = this
    if (!trace.sampled) return
    const { traceId, tracestate } = trace
    const attributes = this.#attributes
    if (error !== null) attributes['error.type'] = error
    const times = { startedAt: this.#startedAt, endedAt: trace.now() }
    const ids = { traceId, spanId, parentId: this.#parentId, tracestate }
    trace.ended({ ...ids, ...times, name, kind: this.#kind, attributes, failed: error !== null })
  }
}
