/** `tentaculo forecasts` and `tentaculo addresses`. */
import type { Command } from 'commander'
import { act } from '../../command/act.ts'
import { type GatewayCommandOptions, withGateway } from '../options.ts'

export function addResources(root: Command): void {
  withGateway(root.command('forecasts'))
    .description('when disk, log, event queue and tokens are used up; ends with 1 if one is near')
    .action(
      act(async (options: GatewayCommandOptions) =>
        (await import('../../gateway/forecasts.ts')).showForecasts(options),
      ),
    )

  withGateway(root.command('addresses'))
    .description('the addresses of each upstream, with circuit, health and tries; ends with 1 unless all are well')
    .action(
      act(async (options: GatewayCommandOptions) =>
        (await import('../../gateway/addresses.ts')).showAddresses(options),
      ),
    )
}
