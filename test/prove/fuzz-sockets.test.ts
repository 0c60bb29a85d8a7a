/**
 * Changed WebSocket frames of callers and upstreams against both entries. FUZZ_SOCKETS (20,000) cases are for Node;
 * workerd gets FUZZ_WORKERD_SHARE (0.1) of them. FUZZ_SEED is printed; FUZZ_CASES (`17` or `17-99`) repeats some.
 */
import { expect, it } from 'vitest'
import { fuzzSockets } from '../support/fuzz/sockets/run.ts'
import { runtimes } from '../support/gateways.ts'

const { FUZZ_ON, FUZZ_CASES } = process.env
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)
const share = Number(process.env.FUZZ_WORKERD_SHARE ?? 0.1)
const total = Number(process.env.FUZZ_SOCKETS ?? 20_000)
const [first = 0, last = first] = (FUZZ_CASES ?? '').split('-').filter(Boolean).map(Number)
const chosen = runtimes.filter(([runtime]) => (FUZZ_ON ?? runtime) === runtime)

it.each(chosen)('holds under changed frames on %s', async (runtime, startGateway) => {
  const cases = FUZZ_CASES ? last - first + 1 : Math.ceil(total * (runtime === 'Node' ? 1 : share))
  const { failures, ...counts } = await fuzzSockets({ runtime, startGateway, seed, first, cases })
  process.stdout.write(`${runtime} sockets, seed ${seed}: ${JSON.stringify(counts)}\n`)
  expect(failures.join('\n\n')).toBe('')
})
