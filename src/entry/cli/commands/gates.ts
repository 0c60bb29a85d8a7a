/** `tentaculo gates`. */
import type { Command } from 'commander'
import { act } from '../command/act.ts'
import { type GatewayCommandOptions, withGateway } from './options.ts'

export const addGates = (root: Command): void =>
  void withGateway(root.command('gates'))
    .description('measures the nine gates of the gateway; ends with 1 if one fails')
    .action(act(async (options: GatewayCommandOptions) => (await import('../gateway/gates.ts')).showGates(options)))
