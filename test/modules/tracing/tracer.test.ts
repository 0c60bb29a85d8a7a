/** Spans, their parents and their ends, in the runtime's own asynchronous context. */
import { describe, expect, it } from 'vitest'
import { asyncContext } from '../../../src/adapters/async-context/context.ts'
import { sampler } from '../../../src/modules/tracing/sampler.ts'
import type { FinishedSpan, TraceSpan } from '../../../src/modules/tracing/span.ts'
import { maxSpans, tracer } from '../../../src/modules/tracing/tracer.ts'
import type { Span } from '../../../src/ports/index.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { fakeRandom } from '../../support/fake-random.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const callerOf = (flags: string) => ({ traceparent: `00-${traceId}-00f067aa0ba902b7-${flags}`, tracestate: 'v=1' })

function traced(name: Parameters<typeof sampler>[0]['name'] = 'parentbased_always_on', ratio = 1) {
  const clock = fakeClock()
  const spans: FinishedSpan[] = []
  let over = 0
  const tracing = tracer({
    clock,
    random: fakeRandom(),
    sampler: sampler({ name, ratio }),
    store: asyncContext<TraceSpan>(),
    ended: (span) => spans.push(span),
    overLimit: () => over++,
  })
  const serve = <T>(caller: { traceparent?: string; tracestate?: string }, work: (span: Span) => T): T =>
    tracing.serve(caller, { name: 'GET', kind: 'server' }, work)
  return { clock, tracing, spans, serve, over: () => over }
}

const step = { name: 'step', kind: 'internal' } as const

describe('spans', () => {
  it('are children of the current one, across promises, and of the caller at the top', async () => {
    const { clock, tracing, spans, serve } = traced()
    await serve(callerOf('01'), async (root) => {
      const outer = tracing.begin(step)
      await tracing.within(outer, async () => {
        await clock.advance(5)
        tracing.begin({ ...step, name: 'inner' })?.end('503')
      })
      outer?.end()
      root.set({ 'http.route': '/a' })
      root.name = 'GET /a'
      root.end()
    })
    const [inner, outer, root] = spans
    expect(spans.map(({ name }) => name)).toEqual(['inner', 'step', 'GET /a'])
    expect(root).toMatchObject({ traceId, parentId: '00f067aa0ba902b7', tracestate: 'v=1', failed: false })
    expect(outer).toMatchObject({ traceId, parentId: root?.spanId })
    expect(inner).toMatchObject({ parentId: outer?.spanId, failed: true, attributes: { 'error.type': '503' } })
    expect((outer?.endedAt ?? 0) - (outer?.startedAt ?? 0)).toBe(5)
  })

  it('keep requests apart that run at the same time', async () => {
    const { clock, tracing, spans, serve } = traced()
    const request = (ms: number) =>
      serve({}, async (root) => {
        await clock.sleep(ms)
        tracing.begin(step)?.end()
        root.end()
      })
    const both = Promise.all([request(10), request(5)])
    await clock.advance(10)
    await both
    const roots = spans.filter(({ kind }) => kind === 'server')
    expect(new Set(roots.map((root) => root.traceId)).size).toBe(2)
    for (const root of roots) expect(spans.filter(({ parentId }) => parentId === root.spanId)).toHaveLength(1)
  })

  it('are not made outside of a request, nor after its end', () => {
    const { tracing, spans, serve } = traced()
    expect([tracing.begin(step), tracing.traceId(), tracing.headers()]).toEqual([undefined, undefined, undefined])
    serve({}, (root) => {
      root.end()
      expect([tracing.begin(step), tracing.traceId()]).toEqual([undefined, undefined])
      root.end('twice')
    })
    expect(spans).toHaveLength(1)
  })

  it('belong to the request whose answer is still being made, after its end and whoever reads', async () => {
    const { tracing, spans, serve } = traced()
    async function* pieces() {
      tracing.begin(step)?.end()
      yield 1
      tracing.begin(step)?.end()
    }
    const followed = serve({}, (root) => {
      const answer = tracing.follow(pieces())
      root.end()
      return answer
    })
    for await (const _piece of followed);
    expect(spans.map(({ name }) => name)).toEqual(['GET', 'step', 'step'])
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1)
  })

  it('of one request are bounded', () => {
    const { tracing, spans, serve, over } = traced()
    serve({}, (root) => {
      for (let count = 0; count < maxSpans + 3; count++) tracing.begin(step)?.end()
      root.end()
    })
    expect([spans.length, over()]).toEqual([maxSpans + 1, 3])
  })

  it('of requests that the gateway sends to itself are below the one that asked', () => {
    const { spans, serve } = traced()
    serve({}, (root) => {
      serve({}, (own) => own.end())
      root.end()
    })
    expect(spans.map(({ kind }) => kind)).toEqual(['internal', 'server'])
    expect(spans[0]?.parentId).toBe(spans[1]?.spanId)
  })
})

describe('what another service gets', () => {
  it('names the span as parent and keeps the state', () => {
    const { tracing, spans, serve } = traced()
    const headers = serve(callerOf('03'), () => {
      const span = tracing.begin(step)
      const told = tracing.headers(span)
      span?.end()
      return told
    })
    expect(headers).toEqual({ traceparent: `00-${traceId}-${spans[0]?.spanId}-03`, tracestate: 'v=1' })
  })

  it('says that a trace is not recorded', () => {
    const { tracing, spans, serve } = traced()
    serve(callerOf('00'), (root) => {
      expect(tracing.begin(step)).toBeUndefined()
      expect(tracing.traceId()).toBe(traceId)
      expect(tracing.headers()?.traceparent).toMatch(new RegExp(`^00-${traceId}-(?!00f067aa0ba902b7)[0-9a-f]{16}-00$`))
      root.end()
    })
    expect(spans).toEqual([])
  })

  it('has no state of a parent that is not valid', () => {
    const { tracing, serve } = traced()
    const headers = serve({ traceparent: 'garbage', tracestate: 'v=1' }, () => tracing.headers())
    expect(Object.keys(headers ?? {})).toEqual(['traceparent'])
  })
})

describe('the samplers', () => {
  const parent = (sampled: boolean) => ({ traceId, spanId: '1'.repeat(16), sampled, random: false })
  it.each([
    ['always_on', true, true, true],
    ['always_off', false, false, false],
    ['parentbased_always_on', true, true, false],
    ['parentbased_always_off', false, true, false],
    ['parentbased_traceidratio', false, true, false],
    ['traceidratio', false, false, false],
  ] as const)('%s: alone %s, below a recorded parent %s, below another %s', (name, alone, recorded, other) => {
    const decide = sampler({ name, ratio: 0 })
    expect([decide(traceId, null), decide(traceId, parent(true)), decide(traceId, parent(false))]).toEqual([
      alone,
      recorded,
      other,
    ])
  })

  it('take a share of the trace ids, the same ones everywhere, and of a larger share all of a smaller', () => {
    const ids = Array.from({ length: 4000 }, (_, index) =>
      (index * 0x9e3779b1).toString(16).padStart(32, '0').slice(-32),
    )
    const spread = ids.map((id) => `${id.slice(0, 18)}${id.slice(-8)}${id.slice(-6)}`)
    const taken = (ratio: number) => spread.filter((id) => sampler({ name: 'traceidratio', ratio })(id, null))
    expect(taken(1)).toHaveLength(spread.length)
    expect(taken(0.25).length / spread.length).toBeCloseTo(0.25, 1)
    const larger = new Set(taken(0.5))
    expect(taken(0.25).every((id) => larger.has(id))).toBe(true)
  })
})
