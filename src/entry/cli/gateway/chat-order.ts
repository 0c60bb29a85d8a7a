/** Shows the order of the chat's models of the running gateway, pins and freezes it. */
import type { Answer } from '../../../../clients/typescript/src/index.ts'
import { printResult, table, visible } from '../command/print.ts'
import type { GatewayCommandOptions } from '../commands/options.ts'
import { type RunningGateway, runningGateway } from './running-gateway.ts'

type Report = Answer<'getChatRotation'>

async function print(options: GatewayCommandOptions, ask: (client: RunningGateway['client']) => Promise<Report>) {
  const report = await ask(runningGateway(options).client)
  printResult(report, options.json, () => describeReport(report))
  return undefined
}

export const showOrder = (options: GatewayCommandOptions) => print(options, (client) => client.getChatRotation())

export const pinModel = (model: string, options: GatewayCommandOptions) =>
  print(options, (client) => client.pinChatModel({ body: { model } }))

export const unpinModel = (options: GatewayCommandOptions) => print(options, (client) => client.unpinChatModel())

export const freezeOrder = (options: GatewayCommandOptions) => print(options, (client) => client.freezeChatOrder())

export const unfreezeOrder = (options: GatewayCommandOptions) => print(options, (client) => client.unfreezeChatOrder())

function describeReport({ mode, models, pinned, frozen, changed }: Report): string {
  const rows = models.map(({ position, model, worth, success, quality, asked, reason }) =>
    [`${position}`, model, figure(worth), percent(success), percent(quality), `${asked}`, reason].map(visible),
  )
  return [
    `rotation ${mode}${mode === 'off' ? ': the contract’s order, and nothing is learned' : ''}`,
    ...(pinned ? [visible(`pinned: ${pinned.model}, by ${pinned.by ?? 'unknown'} at ${pinned.at}`)] : []),
    ...(frozen ? [visible(`frozen by ${frozen.by ?? 'unknown'} at ${frozen.at}`)] : []),
    ...(changed ? [visible(`changed at ${changed.at}: ${changed.reason}`)] : []),
    ...(rows.length > 0 ? ['', table([['', 'Model', 'Worth', 'Success', 'Quality', 'Asked', 'Why'], ...rows])] : []),
  ].join('\n')
}

const figure = (value: number | null) => (value === null ? '-' : value.toFixed(2))
const percent = (value: number | null) => (value === null ? '-' : `${Math.round(value * 100)} %`)
