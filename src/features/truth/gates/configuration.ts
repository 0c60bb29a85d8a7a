/** The gates that read the configuration alone: secrets, doors and flags. They name variables, never values. */

import { type Config, type UpstreamName, urlsOf } from '../../../config/config.ts'
import { digestOf } from '../../../config/named-tokens.ts'
import { isPublishedToken } from '../../../config/principals.ts'
import { isPrivateHost } from '../../../lib/private-host.ts'
import type { Finding } from './schema.ts'
import { byFindings } from './verdict.ts'

const minSecretLength = 16

export function scanSecrets(config: Config, now: number): Finding {
  const findings = [...tokenFindings(config, now), ...clearTextFindings(config)]
  return byFindings(
    findings,
    'no secret that is published, shared, short, expired or sent in clear',
    (count) => `${count} problem${count === 1 ? '' : 's'} with secrets`,
    'Change the variables named, restart the gateway, and revoke the old secrets.',
  )
}

function* tokenFindings({ knownTokens, upstreamToken, shubSharedSecret }: Config, now: number): Generator<string> {
  for (const { sha256, principal } of knownTokens) {
    const { name, notAfterMs } = principal
    if (isPublishedToken(sha256)) yield `the token of ${name} is one that VX11 publishes`
    if (notAfterMs !== null && notAfterMs < now) yield `the token of ${name} in VX11_TOKENS has expired`
  }
  if (upstreamToken !== null && isPublishedToken(digestOf(upstreamToken)))
    yield 'VX11_UPSTREAM_TOKEN, or the token that stands in for it, is one that VX11 publishes'
  if (upstreamToken !== null && upstreamToken.length < minSecretLength)
    yield `the token sent to upstreams is shorter than ${minSecretLength} characters`
  if (shubSharedSecret === null) return
  if (shubSharedSecret.length < minSecretLength)
    yield `VX11_TENTACULO_LINK_SHARED_SECRET is shorter than ${minSecretLength} characters`
  const digest = digestOf(shubSharedSecret)
  if (shubSharedSecret === upstreamToken || knownTokens.some(({ sha256 }) => sha256 === digest))
    yield 'VX11_TENTACULO_LINK_SHARED_SECRET is also a token: who learns one knows both'
}

/** Credentials on their way over a network that is not one's own, without TLS. */
function* clearTextFindings(config: Config): Generator<string> {
  for (const [name, target] of Object.entries(config.upstreams))
    if (urlsOf(target).some(isClear) && config.upstreamToken !== null)
      yield `${name.toUpperCase()}_URL sends the gateway's token over plain http to a public host`
  const { url, authToken } = config.database
  if (authToken !== null && isClear(url)) yield 'VX11_DATABASE_URL sends its token over plain http to a public host'
  if (config.redisUrl !== null && isClear(config.redisUrl)) yield 'VX11_REDIS_URL reaches a public host without TLS'
  const { deepseekApiKey, deepseekBaseUrl } = config.chat
  if (deepseekApiKey !== null && deepseekBaseUrl !== null && isClear(deepseekBaseUrl))
    yield 'DEEPSEEK_BASE_URL is sent the key over plain http to a public host'
}

function isClear(address: string): boolean {
  const { protocol, hostname } = new URL(address)
  return (protocol === 'http:' || protocol === 'redis:') && !isPrivateHost(hostname)
}

/** The gateway is the only door: an upstream that strangers can reach must ask for more than VX11's token. */
export function checkEntrypoint({ upstreams, upstreamHeaders }: Config): Finding {
  const doors = Object.entries(upstreams).flatMap(([name, target]) => {
    const strangers = urlsOf(target)
      .map((url) => new URL(url))
      .filter(({ hostname }) => !isPrivateHost(hostname))
    const hasGuard = Object.keys(upstreamHeaders[name as UpstreamName] ?? {}).length > 0
    const isGuarded = strangers.every(({ protocol }) => protocol === 'https:' && hasGuard)
    return isGuarded ? [] : [`${name} stands at a public address without a guard of its own`]
  })
  const configured = Object.values(upstreams).filter(({ kind }) => kind !== 'dormant').length
  return byFindings(
    doors,
    `${configured} configured upstreams, none of them a second door`,
    (count) => `${count} of ${configured} configured upstreams can be reached past the gateway`,
    'Move them to a private network, or behind an access proxy whose headers VX11_UPSTREAM_HEADERS holds.',
  )
}

export function checkFlags(config: Config): Finding {
  const wrong: readonly (readonly [wrong: boolean, finding: string])[] = [
    [config.environment !== 'production', 'VX11_ENV is not production'],
    [config.openV7Paths, 'VX11_V7_OPEN_PATHS leaves routes open that ask for no token'],
    [!config.rateLimit.enabled, 'VX11_RATE_LIMIT_ENABLED is off'],
    [config.rateLimit.isShadow, 'VX11_RATE_LIMIT_SHADOW lets every request pass'],
    [config.chat.mockProviders, 'VX11_MOCK_PROVIDERS answers chats with a mock'],
    [config.chat.switchLane === 'full', "VX11_SWITCH_CHAT_LANE is full: switch's full lane can run text in a shell"],
    [config.logLevel === 'debug', 'LOG_LEVEL is debug'],
  ]
  return byFindings(
    wrong.flatMap(([is, finding]) => (is ? [finding] : [])),
    `${wrong.length} flags as production wants them`,
    (count) => `${count} of ${wrong.length} flags are not as production wants them`,
    'Set the variables named and restart the gateway.',
  )
}
