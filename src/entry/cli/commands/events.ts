/** `tentaculo events …`. */
import { type Command, Option } from 'commander'
import { act } from '../command/act.ts'
import type { PostOptions, TailOptions } from '../gateway/events.ts'
import { integer, withGateway } from './options.ts'

const load = () => import('../gateway/events.ts')
const streamId = integer(0, Number.MAX_SAFE_INTEGER)

export function addEvents(root: Command): void {
  const events = root.command('events').description('follows and posts events')

  withGateway(events.command('tail'))
    .description('prints events as they come, across restarts of the gateway; with --json one per line')
    .option('--type <type...>', 'only these types')
    .addOption(new Option('--severity <severity...>', 'only these').choices(['info', 'warn', 'critical']))
    .option('--module <name>', 'only of this module')
    .option('--correlation-id <id>', 'only of this exchange')
    .option('--since <stream-id>', 'go on after this one instead of beginning with the next', streamId)
    .option('--count <n>', 'end after so many', integer(1, Number.MAX_SAFE_INTEGER))
    .action(act(async (options: TailOptions) => (await load()).tailEvents(options)))

  withGateway(events.command('post'))
    .argument('<type>', 'such as note.taken')
    .description('stores one event; needs the scope ingest')
    .option('--source <name>', 'who says it', 'tentaculo')
    .option('--payload <json>', 'a JSON object, or - to read it from standard input', '{}')
    .option('--correlation-id <id>', 'the exchange that it belongs to')
    .action(act(async (type: string, options: PostOptions) => (await load()).postEvent(type, options)))
}
