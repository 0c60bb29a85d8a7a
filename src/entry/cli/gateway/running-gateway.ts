/** Connects a command to the running gateway: its address, its token, and what a missing answer means. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Client, createClient } from '../../../../clients/typescript/src/index.ts'
import { type Config, parseConfig, readSources } from '../../../config/config.ts'
import { hostAndPort, reachableHost } from '../../../lib/host-and-port.ts'
import { readTextFile } from '../../node/configuration/read-text-file.ts'
import { CommandError } from '../command/exit-status.ts'

export interface GatewayOptions {
  url?: string
  tokenFile?: string
}

export interface RunningGateway {
  url: string
  token: string
  client: Client
}

type Variables = Readonly<Record<string, string | undefined>>

/** Commands do not listen, so production's rule that a token must be set does not apply. */
export const commandConfig = (env: Variables = process.env): Config =>
  parseConfig({ ...env, VX11_ENV: 'development' }, readTextFile)

export function runningGateway({ url, tokenFile }: GatewayOptions, env: Variables = process.env): RunningGateway {
  const address = url ?? configuredUrl(commandConfig(env))
  const isOurs = url === undefined || isThisMachine(url)
  const token = tokenFile === undefined ? environmentToken(env, isOurs) : readToken(tokenFile)
  const ask = (target: string, init: RequestInit) => askGateway(address, target, init)
  return { url: address, token, client: createClient({ url: address, token: token || undefined, fetch: ask }) }
}

function configuredUrl({ host, port }: Config): string {
  if (port === 0) throw new CommandError('misused', 'PORT is 0, any free port: name the address with --url.')
  return `http://${hostAndPort(reachableHost(host), port)}`
}

/** The token of a first run is that of this folder's gateway, so it is never sent to another machine. */
function environmentToken(env: Variables, isOurs: boolean): string {
  const { texts } = readSources(env, readTextFile)
  const given = texts.get('VX11_TENTACULO_LINK_TOKEN') ?? texts.get('VX11_GATEWAY_TOKEN')
  return given ?? ((isOurs && firstRunToken(commandConfig(env))) || (texts.get('VX11_OPERATOR_TOKEN') ?? ''))
}

const isThisMachine = (url: string) => /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname)

function firstRunToken({ dataDir }: Config): string {
  const file = join(dataDir, 'token')
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
}

function readToken(file: string): string {
  try {
    const token = readFileSync(file, 'utf8').trim()
    if (token !== '' && /^[\x21-\x7e]+$/.test(token)) return token
  } catch (error) {
    throw new CommandError('misused', `The token file cannot be read: ${(error as Error).message}`)
  }
  throw new CommandError('misused', `The token file ${file} must hold one token and nothing else.`)
}

/**
 * Every answer of the gateway has a correlation id; another program at its address has none. The client makes what is
 * thrown here an Unreachable.
 */
async function askGateway(url: string, target: string, init: RequestInit): Promise<Response> {
  const response = await fetch(target, init).catch((error: Error) => {
    if (error.name === 'TimeoutError') throw new Error(`The gateway at ${url} does not answer in time.`)
    if (init.signal?.aborted) throw error
    throw new Error(`No gateway answers at ${url} (${reasonOf(error)}). Start it, or name its address with --url.`)
  })
  if (response.headers.has('x-correlation-id')) return response
  throw new Error(`What answers at ${url} is no Tentáculo Link.`)
}

const reasonOf = ({ cause, message }: Error): string =>
  cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message
