import { expect, it } from 'vitest'
import { traced } from '../../../src/upstream/layers/exchange-trace.ts'
import { fakeClock } from '../../support/fake-clock.ts'
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
