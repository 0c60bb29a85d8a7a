/** `tentaculo drift`. */
import type { Command } from 'commander'
import { act } from '../command/act.ts'
import type { DriftOptions } from '../gateway/drift.ts'
import { withGateway } from './options.ts'

export const addDrift = (root: Command): void =>
  void withGateway(root.command('drift'))
    .description('audits VX11 against its canon (docs/drift.md); ends with 1 if something drifted')
    .option('--last', 'show the last audit instead of making one')
    .option('--strict', 'end with 1 also for small drifts and for what could not be asked')
    .action(act(async (options: DriftOptions) => (await import('../gateway/drift.ts')).showDrift(options)))
