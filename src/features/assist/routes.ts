/** DeepSeek R1 for work on VX11's code (contract P19, P20): off unless VX11_OPERATOR_CODEV_ENABLED is set. */
import { Hono } from 'hono'
import { noStore } from '../../http/answer/no-store.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { readBody, takesBody } from '../../http/routing/input.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { AssistAnswer, AssistRequest, AssistStatus } from './schema.ts'
import { type AssistDeps, assist, readAssistStatus } from './service.ts'

export const assistRoutes = (deps: AssistDeps & Pick<Deps, 'callerCancelSignal'>) =>
  new Hono<AppEnv>()
    .post(
      '/',
      describe({
        id: 'assistDeepseekR1',
        tag: 'Chat',
        summary: 'A plan, a patch, a review or a risk assessment by DeepSeek R1; ten an hour for each principal',
        answers: { 200: AssistAnswer },
        errors: [
          ...guardErrors,
          'invalid_purpose',
          'codev_disabled',
          'validation_error',
          'model_failed',
          'model_not_configured',
          'model_unavailable',
          'model_timeout',
        ],
      }),
      takesBody(AssistRequest, { example: { prompt: 'Plan the move of the database.', purpose: 'plan' } }),
      noStore,
      async (c) => {
        const request = await readBody(c, AssistRequest)
        const principal = c.get('principal')?.name ?? 'local'
        const signal = deps.callerCancelSignal(c)
        return c.json(await assist(deps, request, { principal, correlationId: c.var.correlationId, signal }))
      },
    )
    .get(
      '/status',
      describe({
        id: 'getAssistStatus',
        tag: 'Chat',
        summary: 'Whether the assist route is enabled and configured, and how often it may be asked',
        answers: { 200: AssistStatus },
        errors: guardErrors,
      }),
      noStore,
      async (c) => c.json(await readAssistStatus(deps, c.get('principal')?.name ?? 'local')),
    )
