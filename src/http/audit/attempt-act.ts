/** The last guard: an act that is no change of the gateway's own rows is written down before it begins. */
import type { Context } from 'hono'
import { storedWithTheirChange } from '../../modules/audit/act.ts'
import type { BeginAct } from '../../modules/audit/attempt.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { actorOf } from '../guards/actor.ts'
import { namedAct } from './acts.ts'

export const attemptAct = ({ beginAct, ...deps }: Pick<Deps, 'clientAddress'> & { beginAct: BeginAct }) =>
  function attemptAct(c: Context<AppEnv>): undefined | Promise<undefined> {
    const named = namedAct(c.req.method, c.req.path)
    if (!named || storedWithTheirChange.has(named.act)) return undefined
    return beginAct(named, actorOf(deps, c)).then((id) => {
      if (id !== null) c.set('attempt', id)
      return undefined
    })
  }
