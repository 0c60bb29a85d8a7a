/** `tentaculo config …`. */
import type { Command } from 'commander'
import { act } from '../command/act.ts'
import type { ShowOptions } from '../command/config.ts'
import { type JsonOption, withJson } from './options.ts'

const load = () => import('../command/config.ts')

export function addConfig(root: Command): void {
  const config = root.command('config').description('reads the configuration of this environment, as a start would')

  withJson(config.command('check'))
    .description('says whether a gateway would start with it; ends with 1 if not')
    .action(act(async (options: JsonOption) => (await load()).checkConfig(options)))

  withJson(config.command('show'))
    .description('every variable, its value and where that came from; secrets are hidden')
    .option('--changed', 'only those that are not at their default')
    .action(act(async (options: ShowOptions) => (await load()).showConfig(options)))
}
