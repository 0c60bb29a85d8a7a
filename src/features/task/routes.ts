/** Hands an operator's task to switch, and its answer back as it came (contract O3). */
import { Hono } from 'hono'
import * as v from 'valibot'
import { GatewayError } from '../../errors/gateway-error.ts'
import { answerWith } from '../../http/answer/answer.ts'
import { orServiceOffline } from '../../http/answer/service-offline.ts'
import { describe, guardErrors } from '../../http/routing/describe.ts'
import { readBody, takesBody } from '../../http/routing/input.ts'
import { discardBody } from '../../lib/read-body.ts'
import type { PowerPolicy } from '../../modules/power/power-policy.ts'
import type { AppEnv, Deps } from '../../ports/index.ts'
import { tellUpstream } from '../../upstream/ask.ts'
import { dormantUpstream } from '../../upstream/target.ts'
import { type Task, TaskAnswer, TaskRequest, taskFor } from './schema.ts'

type TaskDeps = Pick<Deps, 'callerCancelSignal' | 'config' | 'random' | 'upstreams'> & {
  policy: Pick<PowerPolicy, 'require'>
}

export const taskRoutes = (deps: TaskDeps) =>
  new Hono<AppEnv>().post(
    '/',
    describe({
      id: 'sendTask',
      tag: 'Chat',
      summary: 'Hands a task to switch while a power window lists it; the answer is switch’s own',
      answers: { 200: TaskAnswer },
      errors: [
        ...guardErrors,
        'off_by_policy',
        'validation_error',
        'switch_unavailable',
        'service_overloaded',
        'upstream_malformed',
        'upstream_timeout',
      ],
    }),
    takesBody(TaskRequest, { example: { task_type: 'chat', payload: { prompt: 'What runs here?' } } }),
    async (c) => {
      const json: Task = taskFor(await readBody(c, TaskRequest), deps.random.uuid())
      await orServiceOffline(deps.policy.require('switch'))
      const { correlationId } = c.var
      const wish = { target: '/switch/task', correlationId, json, signal: deps.callerCancelSignal(c) }
      const answer = await orServiceOffline(tellUpstream(deps, 'switch', wish))
      if (!answer) throw dormantUpstream('switch')
      const type = v.safeParse(v.string(), answer.headers['content-type'])
      if (!type.success) {
        discardBody(answer.body)
        throw new GatewayError('upstream_malformed')
      }
      return answerWith(
        c,
        answer.status,
        { 'content-type': type.output, 'cache-control': 'no-store' },
        answer.body,
      ) as never
    },
  )
