/** A short run of the fuzzer with a fixed seed; test/prove/fuzz.test.ts is the long one, for workerd too. */
import { expect, it } from 'vitest'
import { fuzz } from '../support/fuzz/run.ts'
import { startNodeGateway } from '../support/gateways.ts'

const seed = 20_261_128

it.each([
  ['requests', 1500],
  ['answers', 400],
] as const)('mutated %s change nothing but their own exchange', async (kind, requests) => {
  const report = await fuzz({ runtime: 'Node', startGateway: startNodeGateway, kind, seed, requests })
  expect(report.failures.join('\n\n')).toBe('')
  // Most of it was worth running.
  expect(report.passed).toBeGreaterThan(requests / 5)
})
