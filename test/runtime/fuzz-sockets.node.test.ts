/** A short run of the WebSocket fuzzer with a fixed seed on both entries; test/prove/fuzz-sockets.test.ts is the long one. */
import { expect, it } from 'vitest'
import { fuzzSockets } from '../support/fuzz/sockets/run.ts'
import { runtimes } from '../support/gateways.ts'

const seed = 20_261_128

it.each(runtimes)('changed frames change nothing but their own socket on %s', async (runtime, startGateway) => {
  const cases = 120
  const report = await fuzzSockets({ runtime, startGateway, seed, cases })
  expect(report.failures.join('\n\n')).toBe('')
  // Most of it was worth running.
  expect(report.arrived).toBeGreaterThan(cases)
})
