/** `tentaculo keys …`. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { scopes } from '../../../config/principal.ts'
import { act } from '../command/act.ts'
import type { CreateOptions, ListOptions, RerollOptions } from '../gateway/keys.ts'
import { type GatewayCommandOptions, integer, withGateway } from './options.ts'

const load = () => import('../gateway/keys.ts')

export function addKeys(root: Command): void {
  const keys = root.command('keys').description('makes, lists, rerolls and revokes keys; needs the scope admin')

  withGateway(keys.command('create'))
    .argument('<name>', 'what the key is for')
    .description('makes a key and shows it this once, alone on standard output')
    .addOption(new Option('--scope <scope...>', 'what it may do').choices([...scopes]).makeOptionMandatory())
    .option('--expires <time>', 'ISO date, ISO time with its zone, or epoch seconds')
    .option('--note <text>', 'one line')
    .option('--limit <class=n...>', 'requests per minute of a class, such as user=600', limit, {})
    .action(act(async (name: string, options: CreateOptions) => (await load()).makeKey(name, options)))

  withGateway(keys.command('list'))
    .description('all keys')
    .addOption(new Option('--state <state>', 'only these').choices(['active', 'expired', 'revoked']))
    .action(act(async (options: ListOptions) => (await load()).printKeys(options)))

  withGateway(keys.command('show'))
    .argument('<id>')
    .description('one key')
    .action(act(async (id: string, options: GatewayCommandOptions) => (await load()).showKey(id, options)))

  withGateway(keys.command('revoke'))
    .argument('<id>')
    .description('ends a key everywhere within a second')
    .action(act(async (id: string, options: GatewayCommandOptions) => (await load()).endKey(id, options)))

  withGateway(keys.command('reroll'))
    .argument('<id>')
    .description('gives a key a new secret')
    .option('--overlap <seconds>', 'how long the old secret goes on', integer(0, Number.MAX_SAFE_INTEGER), 0)
    .action(act(async (id: string, options: RerollOptions) => (await load()).renewKey(id, options)))
}

function limit(text: string, earlier: Record<string, number>): Record<string, number> {
  const [, name, number] = /^(\w+)=(\d+)$/.exec(text) ?? []
  if (name === undefined) throw new InvalidArgumentError('It must be CLASS=N, such as user=600.')
  return { ...earlier, [name]: Number(number) }
}
