/**
 * Mutated requests and answers against both entries. FUZZ_REQUESTS (100,000) and FUZZ_ANSWERS (20,000) are for Node;
 * workerd gets FUZZ_WORKERD_SHARE (0.1) of them, with FUZZ_WRANGLER=1 through the proxy of `wrangler dev`. FUZZ_SEED is
 * printed; FUZZ_CASES (`17` or `17-99`) with FUZZ_ON and FUZZ_KIND repeats some.
 */
import { expect, it } from 'vitest'
import type { Kind } from '../support/fuzz/cases.ts'
import { fuzz } from '../support/fuzz/run.ts'
import { startDevWorker, startNodeGateway, startWorkerGateway } from '../support/gateways.ts'

const { FUZZ_ON, FUZZ_KIND, FUZZ_CASES, FUZZ_WRANGLER } = process.env
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000)
const share = Number(process.env.FUZZ_WORKERD_SHARE ?? 0.1)
const totals: Record<Kind, number> = {
  requests: Number(process.env.FUZZ_REQUESTS ?? 100_000),
  answers: Number(process.env.FUZZ_ANSWERS ?? 20_000),
}

const [from = 0, to = from] = (FUZZ_CASES ?? '').split('-').filter(Boolean).map(Number)
const only = FUZZ_CASES === undefined ? undefined : { from, count: to - from + 1 }

const runtimes = [
  ['Node', startNodeGateway],
  ['workerd', FUZZ_WRANGLER ? startDevWorker : startWorkerGateway],
] as const
const rows = runtimes.flatMap(([runtime, startGateway]) =>
  (['requests', 'answers'] as const).map((kind) => ({ runtime, startGateway, kind })),
)
const chosen = rows.filter(({ runtime, kind }) => (FUZZ_ON ?? runtime) === runtime && (FUZZ_KIND ?? kind) === kind)

it.each(chosen)('holds under mutated $kind on $runtime', async ({ runtime, startGateway, kind }) => {
  const requests = Math.ceil(totals[kind] * (runtime === 'Node' ? 1 : share))
  const report = await fuzz({ runtime, startGateway, kind, seed, requests, only })
  const { failures, seconds, ...counts } = report
  process.stdout.write(`${runtime} ${kind}, seed ${seed}: ${JSON.stringify(counts)} in ${seconds.toFixed(0)} s\n`)
  expect(failures.join('\n\n')).toBe('')
})
