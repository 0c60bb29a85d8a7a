/** `npm run bench`: the gateway, its upstream and its peers side by side on this machine; docs/performance.md explains it. */
import { fileURLToPath } from 'node:url'
import { buildBundle } from './bundle.ts'
import { connections, loadTool } from './load/load.ts'
import { isQuiet, quietBelow, readMachine } from './machine.ts'
import { measureStart } from './measure-start.ts'
import { readOptions } from './options.ts'
import { keepResults } from './report/files.ts'
import { renderResults } from './report/markdown.ts'
import type { Results } from './results.ts'
import { type Bench, runCase } from './run-case.ts'
import { startUpstream } from './targets.ts'

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
  const machine = readMachine()
  if (!isQuiet(machine)) {
    say(
      `warning: load average ${machine.loadAverage}, above ${quietBelow}: something else runs, the figures prove nothing`,
    )
  }
  const { rounds, seconds, baseline } = options
  const bench: Bench = {
    options,
    upstream: await startUpstream(),
    bundle: await buildBundle(fileURLToPath(new URL('..', import.meta.url))),
    baseline: baseline === null ? null : await buildBundle(baseline),
    conditions: () => ({ ...machine, measuredAt: new Date().toISOString(), loadTool, connections, rounds, seconds }),
  }
  const fresh: Results = { start: null, cases: [] }
  // Short rounds, and rounds beside another version, are for whoever asked; what else was found outlives a later failure.
  const keep = () => (options.quick || baseline !== null ? fresh : keepResults(fresh))
  if (options.start) fresh.start = { conditions: bench.conditions(), ...(await measureStart(bench)) }
  for (const name of options.cases) {
    say(`measuring ${name}`)
    fresh.cases.push(await runCase(bench, name))
    keep()
  }
  say(`\n${renderResults(keep())}`)
}
