/** Options that several commands take. */
import { type Command, InvalidArgumentError } from 'commander'
import type { GatewayOptions } from '../gateway/running-gateway.ts'

export interface JsonOption {
  json?: true
}

export type GatewayCommandOptions = GatewayOptions & JsonOption

export const withJson = (command: Command): Command => command.option('--json', 'print the result as JSON')

/** For commands that ask a running gateway. */
export const withGateway = (command: Command): Command =>
  withJson(command)
    .option('--url <url>', 'address of the gateway; default: HOST and PORT', httpUrl)
    .option(
      '--token-file <file>',
      'file with the token; default: VX11_TENTACULO_LINK_TOKEN, or the token of a first run',
    )

export function httpUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash
  if (!isPlain) throw new InvalidArgumentError('It must be an http:// or https:// URL without credentials or query.')
  return text
}

/** A whole number within bounds. */
export const integer =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text)
    if (/^\d{1,16}$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }
