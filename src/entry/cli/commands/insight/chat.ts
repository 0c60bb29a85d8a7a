/** `tentaculo chat …`. */
import type { Command } from 'commander'
import { act } from '../../command/act.ts'
import { type GatewayCommandOptions, withGateway } from '../options.ts'

const load = () => import('../../gateway/chat-order.ts')

export function addChat(root: Command): void {
  const chat = root.command('chat').description('the order in which the chat asks its models (docs/rotation.md)')

  withGateway(chat.command('order'))
    .description('the order of the models, what was learned of each, and why it stands there')
    .action(act(async (options: GatewayCommandOptions) => (await load()).showOrder(options)))

  withGateway(chat.command('pin'))
    .argument('<model>', 'a name of the order, such as local_llm')
    .description('asks this model first until it is unpinned; needs the scope admin')
    .action(act(async (model: string, options: GatewayCommandOptions) => (await load()).pinModel(model, options)))

  withGateway(chat.command('unpin'))
    .description('lets the learned order hold again')
    .action(act(async (options: GatewayCommandOptions) => (await load()).unpinModel(options)))

  withGateway(chat.command('freeze'))
    .description('keeps the order as it is, while figures are still learned')
    .action(act(async (options: GatewayCommandOptions) => (await load()).freezeOrder(options)))

  withGateway(chat.command('unfreeze'))
    .description('lets the order follow what is learned again')
    .action(act(async (options: GatewayCommandOptions) => (await load()).unfreezeOrder(options)))
}
