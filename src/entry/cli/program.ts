/** The tree of commands: names, options and help. What a command does is loaded when it runs. */
import { Command } from 'commander'
import { buildName } from '../../lib/build.ts'
import { addCheckout } from './commands/checkout.ts'
import { addCompletion } from './commands/completion.ts'
import { addConfig } from './commands/config.ts'
import { addDb } from './commands/db.ts'
import { addDrift } from './commands/drift.ts'
import { addEvents } from './commands/events.ts'
import { addGates } from './commands/gates.ts'
import { addChat } from './commands/insight/chat.ts'
import { addCorrelations } from './commands/insight/correlations.ts'
import { addResources } from './commands/insight/resources.ts'
import { addKeys } from './commands/keys.ts'
import { addReplay } from './commands/replay.ts'
import { addStart } from './commands/start.ts'
import { addStatus } from './commands/status.ts'
import { addTruth } from './commands/truth.ts'
import { addWindows } from './commands/windows.ts'

const statuses = `
Exit status:
  0  done
  1  refused or failed, or not all is well
  2  the command line is wrong
  3  no gateway answers`

export function program(): Command {
  const root = new Command('tentaculo')
    .description('Tentáculo Link, the gateway of VX11: starts it, watches it, and works on what it keeps.')
    .version(`tentaculo ${buildName()}`, '-V, --version', 'print version and commit')
    .exitOverride()
    .showHelpAfterError('(--help lists what can be given.)')
    .addHelpText('after', statuses)
  for (const add of [
    addStart,
    addStatus,
    addConfig,
    addKeys,
    addWindows,
    addEvents,
    addCorrelations,
    addChat,
    addResources,
    addTruth,
    addGates,
    addDrift,
    addReplay,
    addDb,
    addCheckout,
    addCompletion,
  ])
    add(root)
  return root
}
