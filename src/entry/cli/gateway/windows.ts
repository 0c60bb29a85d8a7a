/** Opens and closes the power window of the running gateway. */
import { printResult, visible } from '../command/print.ts'
import type { GatewayCommandOptions } from '../commands/options.ts'
import { runningGateway } from './running-gateway.ts'

export interface OpenOptions extends GatewayCommandOptions {
  ttl: number
  hold?: true
  reason?: string
  wait?: true
}

/** Madre takes up to 35 s for each service, and the gateway waits for her. */
const timeoutMs = 1_200_000

export async function openWindow(services: string[], options: OpenOptions): Promise<number> {
  const { ttl, hold, reason, wait, json } = options
  const body = {
    services,
    ...(hold ? { mode: 'hold' as const } : { ttl_seconds: ttl }),
    ...(reason !== undefined && { reason }),
  }
  const query = wait ? { wait: 'ready' as const } : {}
  const answer = await runningGateway(options).client.openApiWindow({ body, query, timeoutMs })
  if (answer.status === 'pending') {
    printResult(answer, json, () => `Not ready in time: ${listed(pendingOf(answer.ready))}. Opening goes on.`)
    return 1
  }
  const until = 'deadline' in answer && answer.deadline ? `until ${answer.deadline}` : 'until it is closed'
  printResult(answer, json, () => `Open ${until}: ${listed(services)}`)
  return 0
}

export async function closeWindow(options: GatewayCommandOptions): Promise<undefined> {
  const answer = await runningGateway(options).client.closeApiWindow({ timeoutMs })
  printResult(answer, options.json, () => `Closed. Stopped: ${listed(answer.services_stopped)}`)
}

const pendingOf = (ready: Readonly<Record<string, boolean | null>>) =>
  Object.keys(ready).filter((name) => ready[name] !== true)

const listed = (names: readonly string[]) => visible(names.join(', ')) || 'none'
