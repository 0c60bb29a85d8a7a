/** `X-VX11-Wake: 1`: a request to a module that sleeps wakes it first, where it may (docs/windows.md). */
import type { Context } from 'hono'
import type { UpstreamName } from '../../config/config.ts'
import { isUnder } from '../../lib/path-prefix.ts'
import type { Wake } from '../../modules/power/wake.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { addHeader } from '../answer/answer.ts'
import { actorOf } from '../guards/actor.ts'

type WakeGuardDeps = Pick<Deps, 'callerCancelSignal' | 'clientAddress'> & { wakes: { wake: Wake } }

/** Whose module must be awake; other routes do without one, or tell of sleep. */
const rows: readonly (readonly [prefix: string, name: UpstreamName])[] = [
  ['/switch', 'switch'],
  ['/operator/task', 'switch'],
  ['/resources', 'hermes'],
  ['/hermes', 'hermes'],
  ['/vx11/hermes/discover', 'hermes'],
  ['/vx11/hermes/models', 'hermes'],
  ['/hormiguero', 'hormiguero'],
  ['/operator/api/hormiguero', 'hormiguero'],
  ['/operator/inee', 'hormiguero'],
  ['/vx11/spawn', 'spawner'],
  ['/operator/api/spawner/submit', 'spawner'],
]

/** The module that a request to this path may wake. */
export const wokenBy = (path: string): UpstreamName | undefined => rows.find(([prefix]) => isUnder(path, prefix))?.[1]

/** The last guard: who may not send the request wakes nothing. */
export const wakeGuard = (deps: WakeGuardDeps) =>
  function wakeGuard(c: Context<AppEnv>): undefined | Promise<undefined> {
    if (c.req.header('x-vx11-wake') !== '1') return undefined
    const name = wokenBy(c.req.path)
    return name && wakeFirst(deps, c, name)
  }

async function wakeFirst(deps: WakeGuardDeps, c: Context<AppEnv>, name: UpstreamName): Promise<undefined> {
  const woken = await deps.wakes.wake(name, {
    principal: c.get('principal'),
    actor: actorOf(deps, c),
    signal: deps.callerCancelSignal(c),
  })
  if (woken?.windowId) addHeader(c, 'x-vx11-woken', woken.windowId)
}
