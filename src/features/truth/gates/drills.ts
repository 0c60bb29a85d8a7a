/** The gates that run a drill: a chat with this gateway, and with a twin without upstreams and database. */
import * as v from 'valibot'
import type { Config } from '../../../config/config.ts'
import { readJson } from '../../../lib/read-body.ts'
import { withTimeout } from '../../../lib/with-timeout.ts'
import type { AskSelf, Clock } from '../../../ports/index.ts'
import type { Finding } from './schema.ts'
import { byFindings, failedBecause, passed, skippedGate } from './verdict.ts'

export interface DrillDeps {
  config: Pick<Config, 'chat' | 'controlEnabled'>
  clock: Clock
}

/** What is read of the chat's envelope (contract chat/envelope). */
const ChatAnswer = v.object({
  response: v.pipe(v.string(), v.trim(), v.minLength(1)),
  degraded: v.fallback(v.nullable(v.boolean()), null),
  fallback_source: v.fallback(v.nullable(v.string()), null),
})

const question = { message: 'Are you there?', session_id: 'gateway-gates' } as const
const maxAnswerBytes = 1_048_576
/** Beyond the chat's own limit. */
const graceMs = 2000

interface Answered {
  status: number
  json: unknown
}

async function askFor({ config, clock }: DrillDeps, ask: AskSelf, path: string, json?: unknown): Promise<Answered> {
  const asked = ask(path, ...(json === undefined ? [] : [{ method: 'POST' as const, json }]))
  const answered = asked.then(async ({ status, body }) => ({ status, json: await readJson(body, maxAnswerBytes) }))
  const limitMs = config.chat.timeoutMs + graceMs
  return withTimeout(clock, limitMs, answered, () => new Error('late')).catch(() => ({ status: 504, json: undefined }))
}

/** Null where this gateway has no chat, or keeps it closed as an observer. */
async function chat(deps: DrillDeps, ask: AskSelf) {
  const { status, json } = await askFor(deps, ask, '/operator/api/chat', question)
  if (status === 404 || (status === 403 && !deps.config.controlEnabled)) return null
  const answer = v.safeParse(ChatAnswer, json)
  return status === 200 && answer.success ? answer.output : { status }
}

export async function checkChat(deps: DrillDeps, ask: AskSelf): Promise<Finding> {
  const answer = await chat(deps, ask)
  if (answer === null)
    return skippedGate(deps.config.controlEnabled ? 'this gateway has no chat route' : 'closed in observer mode')
  if ('status' in answer) return failedBecause(`status ${answer.status} instead of an answer`, 'The log says why.')
  const source = answer.fallback_source ?? 'unknown'
  return passed(`answered by ${source}`, answer.degraded ? ['no model answered: the answer is degraded'] : [])
}

/**
 * Each question has a right answer when only the gateway itself is left. Such answers wait for no other service, so
 * without pauses the copy and all of its answers would be made before anybody else gets a turn.
 */
export async function checkFallback(deps: DrillDeps, makeTwin: () => AskSelf): Promise<Finding> {
  const { clock } = deps
  await clock.sleep(0)
  const ask = makeTwin()
  await clock.sleep(0)
  const health = await askFor(deps, ask, '/health')
  await clock.sleep(0)
  const ready = await askFor(deps, ask, '/readyz')
  const status = await askFor(deps, ask, '/vx11/status')
  await clock.sleep(0)
  const answer = await chat(deps, ask)
  const degraded = v.is(v.object({ degraded: v.literal(true) }), status.json)
  const checks: readonly (readonly [right: boolean, finding: string])[] = [
    [health.status === 200, `/health answered ${health.status}`],
    [ready.status === 503, `/readyz answered ${ready.status} instead of 503`],
    [status.status === 200 && degraded, `/vx11/status answered ${status.status}, degraded: ${degraded}`],
    [answer === null || ('degraded' in answer && answer.degraded === true), 'the chat gave no degraded answer'],
  ]
  const asked = answer === null ? 3 : 4
  return byFindings(
    checks.flatMap(([right, finding]) => (right ? [] : [finding])),
    `${asked} of ${asked} answers right without upstreams and database`,
    (count) => `${count} of ${asked} answers wrong without upstreams and database`,
    'This is a fault of the gateway; report it with these findings.',
  )
}
