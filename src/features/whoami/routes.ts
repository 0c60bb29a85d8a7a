/** Who a token belongs to and what it may do, for consoles that enable only what works. */
import { Hono } from 'hono'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { WhoAmI } from './schema.ts'

export const whoAmIRoutes = ({ config }: Pick<Deps, 'config'>) =>
  new Hono<AppEnv>().get(
    '/',
    describe({
      id: 'getWhoAmI',
      tag: 'Login',
      summary: 'The name and the scopes of the token',
      answers: { 200: WhoAmI },
      errors: guardErrors,
    }),
    noStore,
    (c) =>
      c.json({
        name: c.var.principal?.name ?? '',
        scopes: [...(c.var.principal?.scopes ?? [])],
        control: config.controlEnabled,
        correlation_id: c.var.correlationId,
      } satisfies WhoAmI),
  )
