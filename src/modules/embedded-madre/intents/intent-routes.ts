/** Takes intents, and gives back what became of one (contract madre/intents). */
import { Hono } from 'hono'
import type { Deps } from '../../../ports/index.ts'
import { readMadreBody } from '../requests/json-body.ts'
import { invalidRequest, Refusal } from '../requests/refusal.ts'
import { intentStore } from './intent-store.ts'
import { MadreIntent, outcomeOf, Vx11Intent } from './intents.ts'

type IntentDeps = Pick<Deps, 'clock' | 'database' | 'random'>

export const madreIntentRoutes = ({ clock, database, random }: IntentDeps) => {
  const store = intentStore(database)
  return new Hono()
    .post('/madre/intent', async (c) => {
      const intent = await readMadreBody(c, MadreIntent)
      const id = intent.correlation_id || random.uuid()
      const intentLogId = await store.log({
        source: intent.source,
        json: toJson({ ...intent, correlation_id: id }),
        status: 'planned',
        notes: 'Logged by the embedded madre, which executes nothing.',
        atMs: clock.now(),
      })
      // No task is stored: no worker would run it.
      const answer = { status: 'accepted', intent_id: id, task_id: null, intent_log_id: intentLogId }
      return c.json({ ...answer, routing_decision: null })
    })
    .post('/vx11/intent', async (c) => {
      const intent = await readMadreBody(c, Vx11Intent)
      const id = intent.correlation_id || random.uuid()
      const outcome = outcomeOf(intent, id)
      const { status, mode, provider, response, error, degraded } = outcome
      const received = {
        source: 'operator',
        json: toJson({ ...intent, correlation_id: id }),
        status: status === 'DONE' ? ('done' as const) : ('error' as const),
        notes: error ?? 'Recorded only.',
        atMs: clock.now(),
      }
      if (!(await store.keep(received, outcome))) {
        throw new Refusal(409, 'This correlation_id is taken; its result can be asked for.')
      }
      return c.json({ status, correlation_id: id, mode, provider, response, error, degraded })
    })
    .get('/vx11/result/:id', async (c) => {
      const result = await store.find(c.req.param('id'))
      if (!result) throw new Refusal(404, 'Result not found')
      const { id, status, response, error, mode, provider, degraded } = result
      return c.json({ correlation_id: id, status, result: response, error, mode, provider, degraded })
    })
}

const maxIntentLength = 65_536

function toJson(intent: object): string {
  const json = JSON.stringify(intent)
  if (json.length <= maxIntentLength) return json
  throw invalidRequest({
    type: 'value_error',
    loc: ['body'],
    msg: `An intent should have at most ${maxIntentLength} characters`,
  })
}
