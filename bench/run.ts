/** `npm run bench`: the gateway, its upstream and its peers side by side on this machine; docs/performance.md explains it. */
import { setTimeout as wait } from 'node:timers/promises'
import { loadCases } from './cases.ts'
import { readMachine } from './method/machine.ts'
import { quickMs, readOptions } from './options.ts'
import { profileLoad } from './profile/profile.ts'
import { keepResults } from './report/files.ts'
import { renderCases, renderResults } from './report/markdown.ts'
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
  const machine = readMachine()
  const fresh: CaseResults[] = []
  // Short and baseline rounds are only printed; other results are written at once, so that a later failure keeps them.
  const keep = () => (quick || baseline !== null ? fresh : keepResults(fresh))
  const work = async () => {
    const [upstream, bundle, earlier] = await Promise.all([
      startUpstream(),
      buildBundle(),
      baseline === null ? null : baselineBundle(baseline),
    ])
    const conditions = () => ({ ...machine, measuredAt: new Date().toISOString() })
    const bench: Bench = {
      options,
      upstream,
      bundle,
      baseline: earlier,
      conditions,
      limits: { rounds, keepAll: quick },
    }
    if (options.profile) return profileAll(bench)
    for (const name of options.cases) {
      say(`measuring ${name}`)
      fresh.push(await runCase(bench, name))
      keep()
    }
  }
  await (quick ? Promise.race([work(), wait(quickMs - performance.now())]) : work())
  const missing = options.cases.slice(fresh.length)
  if (options.profile) return
  say(`\n${quick ? renderCases(fresh) : renderResults(keep())}`)
  if (missing.length > 0) say(`\nno time was left for ${missing.join(', ')}`)
}

async function profileAll(bench: Bench): Promise<void> {
  const chosen = loadCases.filter(({ name }) => bench.options.cases.includes(name))
  if (chosen.length === 0) throw new Error(`--profile takes ${loadCases.map(({ name }) => name).join(', ')}`)
  for (const loadCase of chosen) say(`\n${await profileLoad(bench, loadCase)}`)
}
