/** Builds the dashboard that shub lacks from its health, readiness and status (contract S2, Q-65). */
import * as v from 'valibot'
import { isObject } from '../../lib/json-object.ts'
import type { Deps } from '../../ports/index.ts'
import { askJson } from '../../upstream/ask.ts'
import { probeLimits } from '../../upstream/health/health-probe.ts'

const Told = v.nullable(v.looseObject({}))

export const ShubDashboard = v.object({
  /** `degraded`: some of the three reads failed. */
  status: v.picklist(['ok', 'degraded', 'service_offline']),
  module: v.literal('shub'),
  degraded: v.boolean(),
  /** Shub's own objects; `reasons` says why one is null. */
  health: Told,
  ready: Told,
  state: Told,
  reasons: v.record(v.picklist(['health', 'ready', 'state']), v.nullable(v.string())),
  correlation_id: v.string(),
})
export type ShubDashboard = v.InferOutput<typeof ShubDashboard>

type DashboardDeps = Pick<Deps, 'config' | 'upstreams'>

export async function readDashboard(deps: DashboardDeps, correlationId: string): Promise<ShubDashboard> {
  const ask = async (target: string) => {
    const answer = await askJson(deps, 'shub', { target, correlationId, limits: probeLimits })
    if (answer === null || typeof answer === 'string') return { json: null, reason: answer ?? 'not_configured' }
    if (!isObject(answer.json)) return { json: null, reason: 'malformed_answer' }
    return { json: answer.json, reason: null }
  }
  const [health, ready, state] = await Promise.all([ask('/health'), ask('/ready'), ask('/status')])
  const silent = [health, ready, state].filter(({ json }) => json === null).length
  return {
    status: silent === 0 ? 'ok' : silent === 3 ? 'service_offline' : 'degraded',
    module: 'shub',
    degraded: silent > 0,
    health: health.json,
    ready: ready.json,
    state: state.json,
    reasons: { health: health.reason, ready: ready.reason, state: state.reason },
    correlation_id: correlationId,
  }
}
