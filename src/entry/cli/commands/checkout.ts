/** `tentaculo bench` and `tentaculo demo`, whose programs only a checkout has. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { become } from '../command/become.ts'
import { CommandError } from '../command/exit-status.ts'
import { inPackage } from '../command/package-root.ts'

export function addCheckout(root: Command): void {
  root
    .command('bench')
    .description('measures the gateway beside other proxies; only in a checkout (docs/performance.md)')
    .option('--quick', 'under a minute: shows that everything runs, says nothing, keeps nothing')
    .option('--only <case...>', 'some cases; the others keep their last figures')
    .option('--rounds <n>', 'rounds at most')
    .option('--seconds <n>', 'length of a slice')
    .option('--baseline <version>', 'a revision, checkout or bundle to measure beside this one')
    .option('--profile', 'shows where the processor time goes')
    .option('--runtime <name>', 'node or workerd')
    .option('--large', 'also the largest sizes of the growth case')
    .action((_options, command: Command) => becomeSource(wordsBehind(command), 'bench', 'run.ts'))

  root
    .command('demo')
    .description('starts the gateway with a simulated switch and shub; only in a checkout')
    .action(() => becomeSource([], 'test', 'support', 'demo.ts'))
}

/** As they were given: the program of the checkout reads them itself. */
const wordsBehind = (command: Command) => process.argv.slice(process.argv.indexOf(command.name(), 2) + 1)

function becomeSource(words: readonly string[], ...path: string[]): void {
  const source = inPackage(...path)
  if (!existsSync(source))
    throw new CommandError('failed', 'bench and demo are programs of a checkout of the project; this is none.')
  become([source, ...words])
}
