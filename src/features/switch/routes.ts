/** The way to the AI router: everything under /switch, as it is, while a power window lists it. */
import { Hono } from 'hono'
import { type ProxiedRouteDeps, proxiedRoute } from '../../http/proxy/proxied-route.ts'
import type { PowerPolicy } from '../../modules/power/power-policy.ts'
import type { AppEnv } from '../../ports/index.ts'

type SwitchDeps = ProxiedRouteDeps & { policy: Pick<PowerPolicy, 'require'> }

/** WebSocket handshakes ask, too; a socket that is open is closed when the window ends. */
export const switchRoutes = (deps: SwitchDeps) =>
  new Hono<AppEnv>().all(
    '/*',
    async function openWindow(_c, next) {
      await deps.policy.require('switch')
      await next()
    },
    proxiedRoute(deps, 'switch'),
  )
