/** Validates a caller's WebSocket handshake (RFC 6455 §4.2.1) and its origin. */
import type { Context } from 'hono'
import type { Config } from '../../config/config.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import type { AppEnv } from '../../ports/index.ts'

export interface Handshake {
  /** Sub-protocols that the caller offers, in its order. */
  protocols: readonly string[]
}

/** Undefined for a plain request and for any other `Upgrade`, which a server may ignore (RFC 9110 §7.8). */
export function readHandshake(c: Context<AppEnv>): Handshake | undefined {
  if (c.req.method !== 'GET' || c.req.header('upgrade')?.toLowerCase() !== 'websocket') return undefined
  if (c.req.header('sec-websocket-version') !== '13') {
    c.header('Sec-WebSocket-Version', '13')
    throw invalid('sec-websocket-version', 'must be 13')
  }
  if (!/^[+/0-9A-Za-z]{22}==$/.test(c.req.header('sec-websocket-key') ?? '')) {
    throw invalid('sec-websocket-key', 'must be 16 bytes in base64')
  }
  return { protocols: readProtocols(c.req.header('sec-websocket-protocol')) }
}

/** A list of distinct tokens (RFC 9110 §5.6.2). */
function readProtocols(offered: string | undefined): string[] {
  if (offered === undefined) return []
  const protocols = offered.split(',').map((each) => each.trim())
  const valid = protocols.every((each) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(each))
  if (!valid || new Set(protocols).size < protocols.length) {
    throw invalid('sec-websocket-protocol', 'must be a list of distinct tokens')
  }
  return protocols
}

const invalid = (header: string, msg: string) =>
  new GatewayError('validation_error', { issues: [{ loc: ['header', header], msg, type: 'value_error' }] })

/** Browsers send the page's origin and, unlike with fetch, let the page read everything. */
export function refuseForeignOrigin({ allowedOrigins }: Pick<Config, 'allowedOrigins'>, c: Context<AppEnv>): void {
  const origin = c.req.header('origin')
  if (origin === undefined || allowedOrigins.includes(origin)) return
  throw new GatewayError('forbidden', { detail: 'Pages of this origin may not open WebSockets; see ALLOWED_ORIGINS.' })
}
