/** Connects a command to the running gateway, with the address and token of the environment. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config/config.ts'
import { TransportError } from '../../errors/gateway-error.ts'
import { selfRequest } from '../../http/routing/self-client.ts'
import type { AskSelf } from '../../ports/index.ts'

export interface RunningGateway {
  url: string
  token: string
  /** Rejects with TransportError `unreachable` if there is no gateway. */
  ask: AskSelf
}

export function runningGateway(config: Config, env: Readonly<Record<string, string | undefined>>): RunningGateway {
  const url = `http://${reachable(config.host)}:${config.port}`
  const token =
    env.VX11_TENTACULO_LINK_TOKEN || env.VX11_GATEWAY_TOKEN || firstRunToken(config) || env.VX11_OPERATOR_TOKEN || ''
  const ask: AskSelf = (path, init) =>
    fetch(selfRequest(url + path, token, init)).catch((error) => {
      throw new TransportError('unreachable', { cause: error })
    })
  return { url, token, ask }
}

/** Maps a wildcard address to the loopback address. */
function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function firstRunToken({ dataDir }: Config): string {
  const file = join(dataDir, 'token')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
}
