/** What an operator wants to know once the gateway listens: where it is, what it uses, what is missing. No secret. */
import { type Config, redacted, upstreamNames, urlsOf } from '../../../config/config.ts'
import { buildName } from '../../../lib/build.ts'
import { hostAndPort, reachableHost } from '../../../lib/host-and-port.ts'

export interface Listening {
  address: string
  port: number
}

export interface StartedAmong {
  /** The file of a token that the gateway made itself; null where tokens are configured. */
  tokenFile: string | null
  hasConsole: boolean
}

export interface StartFacts {
  name: string
  /** As it was bound. */
  address: string
  /** Where this machine reaches it. */
  url: string
  /** In the order in which they are shown. */
  facts: readonly (readonly [name: string, text: string])[]
  missing: readonly string[]
}

export function startFacts(config: Config, { address, port }: Listening, around: StartedAmong): StartFacts {
  const url = `http://${hostAndPort(reachableHost(address), port)}`
  const bound = `http://${hostAndPort(address, port)}`
  const everywhere = reachableHost(address) === address ? '' : ' (every address of this machine)'
  return {
    name: `Tentáculo Link ${buildName()}`,
    address: bound,
    url,
    facts: [
      ['address', bound + everywhere],
      ...(around.hasConsole ? [['console', `${url}/operator/ui/`] as const] : []),
      ['docs', `${url}/docs`],
      ['token', tokenText(config, around)],
      ['mode', modeText(config)],
      ['database', config.database.url],
      ['stores', sharedText(config)],
      ['upstreams', upstreamsText(config)],
    ],
    missing: missingFrom(config, around),
  }
}

const tokenText = ({ knownTokens }: Config, { tokenFile }: StartedAmong) =>
  tokenFile === null
    ? `configured for ${knownTokens.map(({ principal }) => principal.name).join(', ')}`
    : `in ${tokenFile}`

const modeText = ({ environment, controlEnabled }: Config) =>
  controlEnabled ? environment : `${environment}, observer mode: it changes nothing`

const sharedText = ({ redisUrl }: Config) =>
  `limits, cache and event notices ${redisUrl === null ? 'in this process' : `in ${redacted('VX11_REDIS_URL', redisUrl)}`}`

/** The URLs hold no credentials: the configuration refuses those. */
function upstreamsText({ upstreams }: Config): string {
  const named = upstreamNames.flatMap((name) => {
    const target = upstreams[name]
    if (target.kind === 'dormant') return []
    return [`${name} ${urlsOf(target).join(' + ') || target.kind}`]
  })
  return named.join(', ') || 'none'
}

/** The ports of the consoles that VX11 ships. */
const consoleOrigins = 'ALLOWED_ORIGINS=http://localhost:8011,http://localhost:8020'

function missingFrom(
  { allowedOrigins, upstreams, redisUrl }: Config,
  { tokenFile, hasConsole }: StartedAmong,
): string[] {
  const dormant = upstreamNames.filter((name) => upstreams[name].kind === 'dormant')
  const variables = dormant.map((name) => `${name.toUpperCase()}_URL`)
  return [
    ...(dormant.length > 0 ? [`${variables.join(', ')}: dormant until set`] : []),
    ...(tokenFile === null ? [] : ['a token of your own: VX11_TENTACULO_LINK_TOKEN']),
    ...(redisUrl === null ? ['Redis, for more than one instance: VX11_REDIS_URL'] : []),
    ...(allowedOrigins.length > 0
      ? []
      : [`VX11's own consoles, by the origin they are opened from: ${consoleOrigins}`]),
    ...(hasConsole ? [] : ['the console: npm run build']),
  ]
}
