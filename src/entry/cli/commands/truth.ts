/** `tentaculo truth`. */
import type { Command } from 'commander'
import { act } from '../command/act.ts'
import { type GatewayCommandOptions, withGateway } from './options.ts'

export const addTruth = (root: Command): void =>
  void withGateway(root.command('truth'))
    .description('probes all services, also without a gateway; ends with 1 if one is broken')
    .action(act(async (options: GatewayCommandOptions) => (await import('../gateway/truth.ts')).showTruth(options)))
