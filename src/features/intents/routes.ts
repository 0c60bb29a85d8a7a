/** Intents for madre, and their results (contract H9, H10). */
import { type Context, Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import * as v from 'valibot'
import { GatewayError } from '../../errors/gateway-error.ts'
import { noStore } from '../../http/answer/no-store.ts'
import { noteAct } from '../../http/audit/note-act.ts'
import { describeRefusal } from '../../http/proxy/relayed.ts'
import { describe, guardErrors, madreErrors } from '../../http/routing/describe.ts'
import { readBody, takesBody } from '../../http/routing/input.ts'
import { isSafeCorrelationId } from '../../lib/ids.ts'
import type { AppEnv } from '../../ports/index.ts'
import type { Relayed } from '../../upstream/relay.ts'
import { Intent, IntentAnswer, type IntentRefusal, IntentResult, SpawnResult } from './schema.ts'
import { findResult, type IntentDeps, sendIntent } from './service.ts'

const errors = [...guardErrors, ...madreErrors] as const

export const intentRoutes = (deps: IntentDeps) =>
  new Hono<AppEnv>()
    .post(
      '/intent',
      describe({
        id: 'sendIntent',
        tag: 'Intents',
        summary: 'Hands an intent to madre; 403 while a module that it requires is closed',
        answers: { 200: IntentAnswer },
        errors: [...errors, 'off_by_policy', 'validation_error', 'not_implemented', 'switch_unavailable'],
      }),
      takesBody(Intent, { example: { intent_type: 'plan', text: 'Say what runs here, and what does not.' } }),
      noStore,
      async (c) => {
        const intent = await readBody(c, Intent)
        noteAct(c, { target: intent.intent_type })
        const sent = await sendIntent(deps, intent, c.get('correlationId'))
        if ('answer' in sent) noteAct(c, { after: { id: sent.answer.correlation_id, status: sent.answer.status } })
        if ('answer' in sent) return c.json(sent.answer)
        return c.json(refusalOf(c, sent.refused), sent.refused.status as ContentfulStatusCode) as never
      },
    )
    .get(
      '/result/:id',
      describe({
        id: 'getResult',
        tag: 'Intents',
        summary: 'What became of an intent, or of a spawn by its id or uuid',
        answers: { 200: v.union([SpawnResult, IntentResult]) },
        errors: [...errors, 'result_not_found', 'ambiguous_result', 'database_unavailable'],
      }),
      noStore,
      async (c) => {
        const id = c.req.param('id')
        if (!isSafeCorrelationId(id)) throw new GatewayError('result_not_found')
        return c.json(await findResult(deps, id, c.get('correlationId')))
      },
    )

/** What madre refuses has the members of every other refused intent. */
const refusalOf = (c: Context<AppEnv>, refused: Relayed): IntentRefusal => ({
  ...describeRefusal(c.get('correlationId'), refused),
  status: 'ERROR',
  mode: 'FALLBACK',
  provider: null,
  response: { reason: 'upstream_refused', hint: 'Madre refuses this intent; `detail` has her own words.' },
  degraded: true,
})
