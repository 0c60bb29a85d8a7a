/** Requires madre's token where the real one does: windows and power state (contract upstreams/tokens). */
import { createMiddleware } from 'hono/factory'
import type { Config } from '../../../config/config.ts'
import { equalBytes, tokenDigest } from '../../../lib/token-digest.ts'
import { Refusal } from './refusal.ts'

/**
 * The gateway is the only caller that an embedded madre has, and it guards these routes itself. Where it has no token
 * for its upstreams (all principals are named ones), it sends none, and there is nothing to compare.
 */
export const requireToken = (config: Pick<Config, 'upstreamToken'>) =>
  createMiddleware(async function requireToken(c, next) {
    const { upstreamToken } = config
    if (upstreamToken === null) return next()
    const shown = c.req.header('x-vx11-token')
    if (!shown) throw new Refusal(401, 'auth_required: X-VX11-Token header missing')
    if (!equalBytes(tokenDigest(shown), tokenDigest(upstreamToken))) throw new Refusal(403, 'forbidden: invalid token')
    return next()
  })
