/** Refuses a body over the limit: at once by its Content-Length, or while reading where there is none. */
import { GatewayError } from '../../errors/gateway-error.ts'
import { limitBytes } from '../../lib/limit-bytes.ts'
import type { Deps } from '../../ports/index.ts'
import { proxiedRowOf } from '../proxy/prefixes.ts'
import type { Guard } from './guards.ts'

const jsonBodyBytes = 1_048_576
/** Of routes that take a body without a token. */
const openBodyBytes = 8192
/** For the whole body of a route of our own. */
const ownBodyMs = 30_000

export const bodyLimit = ({ config, limitBodyTime }: Pick<Deps, 'config' | 'limitBodyTime'>): Guard =>
  function bodyLimit(c) {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return
    const isLarge = proxiedRowOf(c.req.path)?.body === 'large'
    if (!isLarge) limitBodyTime?.(c, ownBodyMs)
    const limit = isLarge ? config.maxBodyBytes : c.get('principal') ? jsonBodyBytes : openBodyBytes
    const declared = c.req.header('content-length')
    if (declared !== undefined && !(Number(declared) <= limit)) throw new GatewayError('body_too_large')
    if (declared === undefined && c.req.raw.body) {
      const body = c.req.raw.body.pipeThrough(limitBytes(limit, () => new GatewayError('body_too_large')))
      // The fetch standard requires `duplex` for a stream; lib.webworker does not declare it.
      c.req.raw = new Request(c.req.raw, { body, duplex: 'half' } as RequestInit)
    }
  }
