import { expect, it } from 'vitest'
import { asyncContext } from '../../../src/adapters/async-context/context.ts'
import { sampler } from '../../../src/modules/tracing/sampler.ts'
import type { TraceSpan } from '../../../src/modules/tracing/span.ts'
import { tracer } from '../../../src/modules/tracing/tracer.ts'
import type { ExchangeTrace } from '../../../src/ports/index.ts'
import { traced } from '../../../src/upstream/layers/exchange-trace.ts'
import { tryWatch } from '../../../src/upstream/layers/spanned.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { fakeRandom } from '../../support/fake-random.ts'
import { answerOf, get, scriptedUpstream } from '../scripted-upstream.ts'

it('adds up the tries of a request and their time, good or bad', async () => {
  const clock = fakeClock()
  const { upstream } = scriptedUpstream(
    async () => {
      await clock.advance(30)
      throw new Error('broken')
    },
    async () => {
      await clock.advance(12)
      return answerOf(200)
    },
  )
  const send = traced(upstream, clock)
  const startedAt = clock.monotonic()
  const trace = { attempts: 0, upstreamMs: 0, pausedMs: 0, tries: [] }
  await send('/a', { ...get, trace }).catch(() => {})
  await send('/a', { ...get, trace })
  expect(trace).toEqual({
    ...{ attempts: 2, upstreamMs: 42, pausedMs: 0 },
    tries: [
      { startedAt, durationMs: 30, outcome: 'failed' },
      { startedAt: startedAt + 30, durationMs: 12, outcome: 200 },
    ],
  })
})

it('asks all the same where nobody wants to know', async () => {
  const { upstream } = scriptedUpstream(204)
  expect((await traced(upstream, fakeClock())('/a', get)).status).toBe(204)
})

it('names the span of each try as the upstream is told of it', async () => {
  const clock = fakeClock()
  const tracing = tracer({
    ...{ clock, random: fakeRandom(), sampler: sampler({ name: 'always_on', ratio: 1 }) },
    ...{ store: asyncContext<TraceSpan>(), ended: () => {}, overLimit: () => {} },
  })
  const told: unknown[] = []
  const watch = tryWatch({ tracing, config: { logPaths: true } })
  const watched = watch?.(
    async (_target, { headers }) => {
      told.push(String(headers.traceparent).split('-')[2])
      return answerOf(503)
    },
    'shub',
    'http://shub.test',
  )
  const trace: ExchangeTrace = { attempts: 0, upstreamMs: 0, pausedMs: 0, tries: [] }
  await tracing.serve({}, { name: 'GET', kind: 'server' }, async () => {
    for (let tries = 0; tries < 2; tries++) await traced(watched ?? answer503, clock)('/a', { ...get, trace })
  })
  expect(told[0]).not.toBe(told[1])
  expect(trace.tries.map(({ spanId }) => spanId)).toEqual(told)
})

const answer503 = async () => answerOf(503)
