/** Refuses a body over the limit: at once by its Content-Length, or while reading where there is none. */
import type { Context } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { limitBytes } from '../../lib/limit-bytes.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { proxiedRowOf } from '../proxy/prefixes.ts'
import { hasBody } from '../proxy/small-body.ts'
import type { Guard } from './guards.ts'

const jsonBodyBytes = 1_048_576
/** Of routes that take a body without a token. */
const openBodyBytes = 8192
/** Of routes of our own, also after decoding. */
export const ownBodyBytes = (c: Context<AppEnv>): number => (c.get('principal') ? jsonBodyBytes : openBodyBytes)

/** It has no meaning there (RFC 9110 §9.3.1); on Node http/strict-server.ts sees it first. */
function refuseBody(c: Context): void {
  if (hasBody(c)) throw new GatewayError('body_not_allowed')
}

/** For the whole body of a route of our own. */
const ownBodyMs = 30_000

export const bodyLimit = ({ config, limitBodyTime }: Pick<Deps, 'config' | 'limitBodyTime'>): Guard =>
  function bodyLimit(c) {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return refuseBody(c)
    const isLarge = proxiedRowOf(c.req.path)?.body === 'large'
    if (!isLarge) limitBodyTime?.(c, ownBodyMs)
    const limit = isLarge ? config.maxBodyBytes : ownBodyBytes(c)
    const declared = c.req.header('content-length')
    if (declared !== undefined && !(Number(declared) <= limit)) throw new GatewayError('body_too_large')
    if (declared === undefined && c.req.raw.body) {
      const body = c.req.raw.body.pipeThrough(limitBytes(limit, () => new GatewayError('body_too_large')))
      // The fetch standard requires `duplex` for a stream; lib.webworker does not declare it.
      c.req.raw = new Request(c.req.raw, { body, duplex: 'half' } as RequestInit)
    }
  }
