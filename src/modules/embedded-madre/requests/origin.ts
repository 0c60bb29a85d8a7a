/** Who asked madre for a change: the gateway names the caller and the request, other callers of madre need not. */
import type { Context } from 'hono'
import type { ChangeOrigin } from '../../../ports/index.ts'
import { attemptHeader, principalHeader } from '../../power/power-change.ts'

export interface WindowOrigin extends ChangeOrigin {
  /** The gateway's row of the act's beginning, which a change ends in its own transaction. */
  attempt: number | null
}

export const originOf = (c: Context): WindowOrigin => {
  const attempt = c.req.header(attemptHeader)
  return {
    principal: c.req.header(principalHeader) ?? null,
    correlationId: c.req.header('x-correlation-id') ?? null,
    attempt: attempt && /^\d{1,15}$/.test(attempt) ? Number(attempt) : null,
  }
}
