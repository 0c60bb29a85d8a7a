/** What the OpenAPI document says of an operation because of the guards: its right, its allowance, and what any request may meet. */
import type { Config } from '../../config/config.ts'
import type { ErrorCode } from '../../errors/gateway-error.ts'
import { type Access, accessFor } from '../guards/access.ts'
import { ticketPurposes } from '../guards/credential.ts'
import { allowanceOf } from '../guards/rate-limit.ts'
import { wokenBy } from '../wake/wake-guard.ts'
import { problemResponses } from './problem-responses.ts'

/** Before any route does anything; statuses that a route documents itself stay its own. */
const anywhere = ['bad_request_target', 'body_not_allowed', 'loop_detected'] as const satisfies readonly ErrorCode[]

export const operationRules = (config: Pick<Config, 'openV7Paths'>) => ({
  commonResponses: problemResponses(anywhere),
  of(method: string, path: string) {
    const access = accessFor(config, method, path)
    const allowance = allowanceOf(access, path)
    const takesTicket = ticketPurposes.has(path)
    return {
      wakes: wokenBy(path) !== undefined,
      description: `${needs(access, takesTicket)} ${spends(allowance)}`,
      security: securityOf(access, takesTicket),
      responses: allowance === null ? {} : problemResponses(['too_many_requests']),
    }
  },
})

const needs = (access: Access, takesTicket: boolean) =>
  access.kind === 'public'
    ? 'Needs no token.'
    : `Needs a token with scope \`${access.scope}\`${takesTicket ? ', or a ticket in `token`' : ''}.`

const spends = (allowance: string | null) => (allowance === null ? 'Not limited.' : `Spends \`${allowance}\`.`)

/** By the names of the document's security schemes. */
function securityOf(access: Access, takesTicket: boolean): Record<string, string[]>[] {
  if (access.kind === 'public') return []
  const shub = access.scope === 'shub' ? [{ shubToken: [] }] : []
  return [{ token: [] }, { bearer: [] }, ...shub, ...(takesTicket ? [{ ticket: [] }] : [])]
}
