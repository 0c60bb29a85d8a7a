/** Who acts in a request, for the audit. */
import type { Context } from 'hono'
import type { Actor } from '../../modules/audit/act.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'

export function actorOf({ clientAddress }: Pick<Deps, 'clientAddress'>, c: Context<AppEnv>): Actor {
  const principal = c.get('principal')
  return {
    principal: principal?.name ?? null,
    keyName: principal?.key?.name ?? null,
    address: clientAddress(c),
    correlationId: c.get('correlationId'),
  }
}
