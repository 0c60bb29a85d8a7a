/** Who acts in a request, for the audit, and whether it may. */
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

/** A chat of this caller may have effects: providers that act are asked for scope admin alone. */
export const mayAct = (c: Context<AppEnv>): boolean => c.get('principal')?.scopes.includes('admin') ?? false
