/** `tentaculo status`. */
import type { Command } from 'commander'
import { act } from '../command/act.ts'
import type { StatusOptions } from '../gateway/status.ts'
import { integer, withGateway } from './options.ts'

export const addStatus = (root: Command): void =>
  void withGateway(root.command('status'))
    .description('what is up, what sleeps and why, on one screen; ends with 1 while something is degraded')
    .option('--watch [seconds]', 'show it again and again', integer(1, 3600))
    .action(act(async (options: StatusOptions) => (await import('../gateway/status.ts')).showStatus(options)))
