/** Records a request that is an administrative act, done, refused or failed, before its answer is given. */
import type { Context } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { addressKey } from '../../lib/ip-address.ts'
import type { Act, ActOutcome } from '../../modules/audit/act.ts'
import type { RecordAct } from '../../modules/audit/record.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { actorOf } from '../guards/actor.ts'
import { namedAct } from './acts.ts'

export type AuditRequestDeps = Pick<Deps, 'clientAddress'> & { recordAct: RecordAct }

/** Undefined where there is nothing to wait for. */
export function auditRequest(deps: AuditRequestDeps, c: Context<AppEnv>): undefined | Promise<void> {
  const named = namedAct(c.req.method, c.req.path)
  if (!named) return undefined
  const { stored, ...detail } = c.get('actDetail') ?? {}
  const { status } = c.res
  const outcome = outcomeOf(status)
  if (stored && outcome === 'done') return undefined
  const act: Act = { ...named, before: null, after: null, ...detail, outcome, error: errorOf(c, outcome) }
  const actor = actorOf(deps, c)
  return deps.recordAct(act, actor, actor.principal ?? addressKey(actor.address), c.get('attempt'))
}

function outcomeOf(status: number): ActOutcome {
  if (status < 400) return 'done'
  return status < 499 ? 'refused' : 'failed'
}

/** An upstream's own refusal has no code of ours. */
function errorOf({ error, res }: Context<AppEnv>, outcome: ActOutcome): string | null {
  if (outcome === 'done') return null
  if (error instanceof GatewayError) return error.code
  return error ? 'internal_error' : `status_${res.status}`
}
