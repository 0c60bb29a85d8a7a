/** `tentaculo replay`. */
import type { Command } from 'commander'
import { act } from '../command/act.ts'
import type { ReplayOptions } from '../replay/replay.ts'
import { httpUrl, integer, withGateway } from './options.ts'

export const addReplay = (root: Command): void =>
  void withGateway(root.command('replay'))
    .argument('<log>', 'the JSON log of a gateway, or - for standard input')
    .description('asks two gateways what a log says was asked, and compares; ends with 1 if they differ')
    .requiredOption('--against <url>', 'address of the other gateway, such as the next version', httpUrl)
    .option('--against-token-file <file>', 'file with its token; default: as for the first one')
    .option('--per-route <n>', 'paths of each route', integer(1, 10_000), 5)
    .option('--limit <n>', 'requests in all', integer(1, 1_000_000), 1000)
    .action(
      act(async (log: string, options: ReplayOptions) => (await import('../replay/replay.ts')).replay(log, options)),
    )
