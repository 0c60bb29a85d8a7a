/** Who asked madre for a change: the gateway names the caller and the request, other callers of madre need not. */
import type { Context } from 'hono'
import type { ChangeOrigin } from '../../../ports/index.ts'

export const originOf = (c: Context): ChangeOrigin => ({
  principal: c.req.header('x-vx11-principal') ?? null,
  correlationId: c.req.header('x-correlation-id') ?? null,
})
