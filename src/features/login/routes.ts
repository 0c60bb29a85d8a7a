/** Login and logout, relayed to an operator backend that offers them; VX11's own no longer does (contract G18, G19). */
import { Hono } from 'hono'
import { noStore } from '../../http/answer/no-store.ts'
import { orServiceOffline } from '../../http/answer/service-offline.ts'
import { relayed, UpstreamObject } from '../../http/proxy/relayed.ts'
import { describe } from '../../http/routing/describe.ts'
import { readBody, takesBody } from '../../http/routing/input.ts'
import { addressKey } from '../../lib/ip-address.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { Login } from './schema.ts'
import { admitLogin, type LoginDeps, login, logout } from './service.ts'

const errors = [
  'too_many_requests',
  'not_implemented',
  'upstream_failed',
  'upstream_unavailable',
  'upstream_timeout',
] as const

export const loginRoutes = (deps: LoginDeps & Pick<Deps, 'clientAddress'>) =>
  new Hono<AppEnv>()
    .post(
      '/login',
      describe({
        id: 'login',
        tag: 'Login',
        summary: 'A login at the operator backend, where there is one that takes it',
        answers: { 200: UpstreamObject },
        errors: ['login_failed', 'validation_error', ...errors],
      }),
      takesBody(Login, { example: { username: 'operator', password: 'the password' } }),
      noStore,
      async (c) => {
        await orServiceOffline(admitLogin(deps, addressKey(deps.clientAddress(c))))
        const json = await readBody(c, Login)
        return relayed(c, await orServiceOffline(login(deps, json, c.get('correlationId'))))
      },
    )
    .post(
      '/logout',
      describe({
        id: 'logout',
        tag: 'Login',
        summary: 'Ends a login at the operator backend',
        answers: { 200: UpstreamObject },
        errors: ['auth_required', 'forbidden', 'upstream_auth_failed', ...errors],
      }),
      noStore,
      async (c) => relayed(c, await orServiceOffline(logout(deps, c.get('correlationId')))),
    )
