/** Takes a changed configuration over while the gateway runs, for scope admin. */
import { Hono } from 'hono'
import { GatewayError } from '../../errors/gateway-error.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { noteAct } from '../../http/audit/note-act.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import type { Configuration } from '../../modules/configuration/configuration.ts'
import { describeConfiguration } from '../../modules/configuration/view.ts'
import type { AppEnv } from '../../ports/index.ts'
import { ReloadedConfiguration } from './schema.ts'

const fixed = 'Bindings last as long as the isolate: `wrangler deploy` or `wrangler secret put` begins new ones.'

export const configurationRoutes = ({ configuration }: { configuration: Configuration }) =>
  new Hono<AppEnv>().post(
    '/reload',
    describe({
      id: 'reloadConfiguration',
      tag: 'Configuration',
      summary: 'Reads the configuration anew: a valid one is in force at once, of a bad one nothing is',
      answers: { 200: ReloadedConfiguration },
      errors: [...guardErrors, 'configuration_invalid', 'not_implemented'],
    }),
    noStore,
    (c) => {
      noteAct(c, { before: { hash: configuration.state().hash } })
      if (!configuration.reload) throw new GatewayError('not_implemented', { detail: fixed })
      const outcome = configuration.reload()
      if (outcome.problem !== undefined) throw new GatewayError('configuration_invalid', { detail: outcome.problem })
      const { changed, needRestart } = outcome
      const state = describeConfiguration(configuration.state())
      noteAct(c, { after: { hash: state.hash, changed, needs_restart: needRestart } })
      return c.json({
        status: changed.length > 0 ? ('applied' as const) : ('unchanged' as const),
        changed,
        needs_restart: needRestart,
        ...state,
        correlation_id: c.get('correlationId'),
      })
    },
  )
