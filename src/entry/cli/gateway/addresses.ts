/** Shows the addresses of each upstream as the running gateway sees them. */
import type { Answer } from '../../../../clients/typescript/src/index.ts'
import { printResult, table, visible } from '../command/print.ts'
import type { GatewayCommandOptions } from '../commands/options.ts'
import { runningGateway } from './running-gateway.ts'

type Breakers = Answer<'getCircuitBreakers'>['breakers']

export async function showAddresses(options: GatewayCommandOptions): Promise<number> {
  const { breakers } = await runningGateway(options).client.getCircuitBreakers()
  const known = Object.entries(breakers).flatMap(([upstream, { addresses = [] }]) =>
    addresses.map((address) => ({ upstream, ...address })),
  )
  printResult(known, options.json, () => (known.length > 0 ? describeAddresses(known) : none))
  return known.some(({ state, health }) => state !== 'closed' || health?.up === false) ? 1 : 0
}

const none = 'Each upstream has one address; `tentaculo status` shows their circuits.'

function describeAddresses(
  known: readonly ({ upstream: string } & NonNullable<Breakers[string]['addresses']>[number])[],
): string {
  const rows = known.map(({ upstream, url, weight, state, health, in_flight, sockets, tries, ejections }) => {
    const { success, failure } = tries
    const up = health === null ? '-' : health.up ? 'up' : (health.reason ?? 'down')
    const counts = [`${in_flight}`, `${sockets}`, `${success}`, `${failure}`, `${ejections}`]
    return [upstream, url, `${weight}`, state, up, ...counts].map(visible)
  })
  const counted = ['In flight', 'Sockets', 'Answered', 'Failed', 'Set aside']
  return table([['Upstream', 'Address', 'Weight', 'Circuit', 'Health', ...counted], ...rows])
}
