/** The histogram of every request renders, to the byte, what prom-client's own would of the same readings. */
import { Histogram, Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { secondsHistogram } from '../../src/adapters/prometheus/seconds-histogram.ts'

const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]
const described = { name: 'seconds', help: 'Of a test', labelNames: ['route', 'method'] as const }

const readings = [
  [{ method: 'GET', route: '/a' }, 0],
  [{ method: 'GET', route: '/a' }, 0.0025],
  [{ method: 'POST', route: '/a' }, 0.00250001],
  [{ method: 'GET', route: '/"b"\n' }, 60],
  [{ method: 'GET', route: '/a' }, 61],
  [{ method: 'GET', route: '/"b"\n' }, 1e9],
] as const

it('counts on a bound, between bounds and over all, in series of their own', async () => {
  const [ours, theirs] = [new Registry(), new Registry()]
  const own = secondsHistogram({ ...described, registry: ours })
  const known = new Histogram({ ...described, buckets: bounds, registers: [theirs] })
  expect(await ours.metrics()).toBe(await theirs.metrics())
  for (const [labels, seconds] of readings) {
    own.observe(labels, seconds)
    known.observe(labels, seconds)
  }
  expect(await ours.metrics()).toBe(await theirs.metrics())
  expect(own.counts().map(({ count }) => count)).toEqual([3, 1, 2])
})
