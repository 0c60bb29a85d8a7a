/** `npm run bench`: the gateway, its upstream and its peers side by side on this machine; docs/performance.md explains it. */
import { loadCases } from './cases.ts'
import { readMachine } from './method/machine.ts'
import { quickMs, readOptions } from './options.ts'
import { profileLoad } from './profile/profile.ts'
import { keepResults } from './report/files.ts'
import { renderResults } from './report/markdown.ts'
import type { CaseResults } from './report/results.ts'
import { type Bench, runCase } from './run-case.ts'
import { baselineBundle, buildBundle } from './targets/bundle.ts'
import { startUpstream } from './targets/targets.ts'

const say = (line: string) => process.stdout.write(`${line}\n`)

try {
  await run(process.argv.slice(2))
  process.exit(0)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}

async function run(args: readonly string[]): Promise<void> {
  const options = readOptions(args)
  const { quick, baseline, rounds } = options
  const until = quick ? Date.now() + quickMs : Number.POSITIVE_INFINITY
  const machine = readMachine()
  const bench: Bench = {
    options,
    upstream: await startUpstream(),
    bundle: await buildBundle(),
    baseline: baseline === null ? null : await baselineBundle(baseline),
    conditions: () => ({ ...machine, measuredAt: new Date().toISOString() }),
    limits: () => ({ rounds, until }),
  }
  if (options.profile) return profileAll(bench)
  const fresh: CaseResults[] = []
  // Short rounds, and rounds beside another version, are for whoever asked; what else was found outlives a later failure.
  const keep = () => (quick || baseline !== null ? fresh : keepResults(fresh))
  for (const name of options.cases) {
    if (Date.now() >= until) {
      say(`no time left for ${name}`)
      continue
    }
    say(`measuring ${name}`)
    fresh.push(await runCase(bench, name))
    keep()
  }
  say(`\n${renderResults(keep())}`)
}

async function profileAll(bench: Bench): Promise<void> {
  const chosen = loadCases.filter(({ name }) => bench.options.cases.includes(name))
  if (chosen.length === 0) throw new Error(`--profile takes ${loadCases.map(({ name }) => name).join(', ')}`)
  for (const loadCase of chosen) say(`\n${await profileLoad(bench, loadCase)}`)
}
