/** Intents: what others want of madre. The embedded one writes them down and says that nothing came of them. */
import * as v from 'valibot'
import { Dict, Name, Prose } from '../requests/fields.ts'
import type { StoredIntentResult } from './intent-store.ts'

export const MadreIntent = v.object({
  type: Name(),
  payload: Dict,
  correlation_id: v.nullish(Name()),
  source: v.optional(Name(64), 'hormiguero'),
})
export type MadreIntent = v.InferOutput<typeof MadreIntent>

export const Vx11Intent = v.object({
  intent_type: Name(),
  text: v.nullish(Prose(4000)),
  payload: v.optional(Dict, {}),
  require: v.optional(v.object({ switch: v.optional(v.boolean()), spawner: v.optional(v.boolean()) }), {}),
  priority: v.optional(v.picklist(['P0', 'P1', 'P2']), 'P1'),
  correlation_id: v.nullish(Name()),
  user_id: v.optional(Name(), 'local'),
  metadata: v.nullish(Dict),
})
export type Vx11Intent = v.InferOutput<typeof Vx11Intent>

/** An intent that needs another module fails, since the embedded madre sends nothing to any. */
export function outcomeOf(intent: Vx11Intent, id: string): StoredIntentResult {
  const name = `intent:${intent.intent_type}`
  const needs = (['spawner', 'switch'] as const).find((module) => intent.require[module])
  if (needs) {
    const error = `${needs}_not_reachable: the embedded madre sends no work to other modules`
    return {
      id,
      name,
      status: 'ERROR',
      mode: needs.toUpperCase(),
      provider: null,
      response: null,
      error,
      degraded: true,
    }
  }
  const notes = 'Recorded by the embedded madre; no model saw it and nothing was executed.'
  const response = { plan_id: null, steps_executed: 0, result: 'intent_recorded', notes }
  return { id, name, status: 'DONE', mode: 'MADRE', provider: 'fallback_local', response, error: null, degraded: true }
}
