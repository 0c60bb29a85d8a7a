/** `tentaculo correlations …`. */
import { type Command, Option } from 'commander'
import { act } from '../../command/act.ts'
import type { CorrelationListOptions } from '../../gateway/correlations.ts'
import { type GatewayCommandOptions, integer, withGateway } from '../options.ts'

const load = () => import('../../gateway/correlations.ts')

export function addCorrelations(root: Command): void {
  const correlations = root.command('correlations').description('what was recorded under which id (docs/tracing.md)')

  withGateway(correlations.command('list'))
    .description('the newest correlations')
    .addOption(
      new Option('--show <which>', 'all, or those that failed or were slow')
        .choices(['recent', 'failed', 'slow'])
        .default('recent'),
    )
    .option('--limit <n>', 'records that are looked at', integer(1, 200), 50)
    .action(act(async (options: CorrelationListOptions) => (await load()).printCorrelations(options)))

  withGateway(correlations.command('show'))
    .argument('<id>', 'a correlation id, or a W3C trace id')
    .description('one correlation as a waterfall, and why it went so; ends with 1 if it failed')
    .action(act(async (id: string, options: GatewayCommandOptions) => (await load()).showCorrelation(id, options)))
}
