/** Makes spans below the current one, which an asynchronous context carries through a request. */
import { bytesToHex } from '@noble/hashes/utils.js'
import type { ContextStore } from '../../adapters/async-context/context.ts'
import { parseTraceparent, traceparentOf } from '../../lib/trace-context.ts'
import type { Clock, Random, Span, SpanStart, Tracing } from '../../ports/index.ts'
import type { Sampler } from './sampler.ts'
import { type FinishedSpan, type LocalTrace, TraceSpan } from './span.ts'

/** Spans of one request below its own; an event stream that reads for hours would make thousands. */
export const maxSpans = 128
/** What other services append to; the specification asks for 512 at least. */
const maxTracestate = 4096

export interface TracerOptions {
  clock: Pick<Clock, 'now' | 'monotonic'>
  random: Pick<Random, 'bytes'>
  sampler: Sampler
  store: ContextStore<TraceSpan>
  ended: (span: FinishedSpan) => void
  /** A span was not made because its request has `maxSpans`. */
  overLimit: () => void
}

/** Undefined where its request is over. */
function currentSpan(store: ContextStore<TraceSpan>): TraceSpan | undefined {
  const span = store.read()
  return span && span.trace.holds > 0 ? span : undefined
}

export function tracer(options: TracerOptions): Tracing {
  const { store, overLimit } = options
  const id = hexadecimals(options.random)
  const current = () => currentSpan(store)

  function begin(start: SpanStart): TraceSpan | undefined {
    const above = current()
    if (!above?.trace.sampled) return undefined
    if (above.trace.left <= 0) {
      overLimit()
      return undefined
    }
    above.trace.left--
    return new TraceSpan(above.trace, id(8), above.spanId, start)
  }

  /** Of a request that a caller sent. */
  function root(caller: Parameters<Tracing['serve']>[0], start: SpanStart): TraceSpan {
    const parent = parseTraceparent(caller.traceparent)
    const traceId = parent?.traceId ?? id(16)
    const { tracestate } = caller
    const trace: LocalTrace = {
      traceId,
      sampled: options.sampler(traceId, parent),
      random: parent?.random ?? false,
      tracestate: parent && tracestate && tracestate.length <= maxTracestate ? tracestate : undefined,
      now: momentsFrom(options.clock),
      holds: 1,
      left: maxSpans,
      ended: options.ended,
    }
    return new RootSpan(trace, id(8), parent?.spanId ?? null, start)
  }

  return {
    begin,
    records: () => current()?.trace.sampled ?? false,
    serve(caller, start, work) {
      const above = current()
      // The gateway asks its own routes, too.
      const span = above ? (begin({ ...start, kind: 'internal' }) ?? above) : root(caller, start)
      return store.run(span, () => work(span === above ? silent(span) : span))
    },
    within: (span, work) => (span instanceof TraceSpan ? store.run(span, work) : work()),
    follow(pieces, span) {
      const context = span instanceof TraceSpan ? span : current()
      if (!context) return pieces
      // From now on: what was not read yet may be read after the request's own end.
      context.trace.holds++
      return following(store, context, pieces)
    },
    traceId: () => current()?.traceId,
    headers(span) {
      const parent = span instanceof TraceSpan ? span : current()
      if (!parent) return undefined
      const { tracestate } = parent.trace
      const traceparent = traceparentOf({ ...parent.trace, spanId: parent.spanId })
      return tracestate === undefined ? { traceparent } : { traceparent, tracestate }
    },
  }
}

/** With its end its request is over, but for what still holds it. */
class RootSpan extends TraceSpan {
  #isHeld = true

  override end(error?: string | null): void {
    super.end(error)
    if (this.#isHeld) this.trace.holds--
    this.#isHeld = false
  }
}

/** Stands for a span that is not made: it must not end the one above. */
const silent = ({ traceId, name }: Span): Span => ({ traceId, name, isRecorded: false, set: () => {}, end: () => {} })

const drawnBytes = 2048

/** Drawn many at a time: a call to the system for each id costs more than the rest of a span. */
function hexadecimals(random: TracerOptions['random']): (bytes: number) => string {
  let drawn = ''
  let at = 0
  return (bytes) => {
    if (at + 2 * bytes > drawn.length) [drawn, at] = [bytesToHex(random.bytes(drawnBytes)), 0]
    at += 2 * bytes
    return drawn.slice(at - 2 * bytes, at)
  }
}

function momentsFrom({ now, monotonic }: TracerOptions['clock']): () => number {
  const wallAtZero = now() - monotonic()
  return () => wallAtZero + monotonic()
}

async function* following<T>(
  store: ContextStore<TraceSpan>,
  span: TraceSpan,
  pieces: AsyncGenerator<T>,
): AsyncGenerator<T> {
  try {
    for (;;) {
      const { done, value } = await store.run(span, () => pieces.next())
      if (done) return
      yield value
    }
  } finally {
    await store.run(span, () => pieces.return(undefined))
    span.trace.holds--
  }
}
