/** `tentaculo open-window` and `tentaculo close-window`. */
import { type Command, Option } from 'commander'
import { act } from '../command/act.ts'
import type { OpenOptions } from '../gateway/windows.ts'
import { type GatewayCommandOptions, integer, withGateway } from './options.ts'

const load = () => import('../gateway/windows.ts')

export function addWindows(root: Command): void {
  withGateway(root.command('open-window'))
    .argument('<service...>', 'by compose names, such as switch or shubniggurath')
    .description('wakes services for a while; needs the scope admin (docs/windows.md)')
    .addOption(new Option('--ttl <seconds>', 'how long').argParser(integer(1, 86_400)).default(600).conflicts('hold'))
    .option('--hold', 'until it is closed')
    .option('--reason <text>', 'for the audit')
    .option('--wait', 'until the services answer; ends with 1 if they do not in time')
    .action(act(async (services: string[], options: OpenOptions) => (await load()).openWindow(services, options)))

  withGateway(root.command('close-window'))
    .description('puts the services of the window back to sleep')
    .action(act(async (options: GatewayCommandOptions) => (await load()).closeWindow(options)))
}
