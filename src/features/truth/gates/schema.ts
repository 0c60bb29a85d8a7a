/** What GET /operator/api/gates gives: the nine production gates. */
import * as v from 'valibot'
import { QueryFlag } from '../../../lib/query-flag.ts'

export const gateNames = [
  'database_integrity',
  'service_health',
  'configuration_secrets',
  'chat_answers',
  'maintenance_ran',
  'single_entrypoint',
  'flags',
  'degraded_fallback',
  'no_drift',
] as const
export type GateName = (typeof gateNames)[number]

const Gate = v.object({
  gate: v.picklist(gateNames),
  /** `skip`: what it would measure is not there; it says nothing. */
  verdict: v.picklist(['pass', 'fail', 'skip']),
  /** What was found, in words and figures; never a secret. */
  measured: v.string(),
  findings: v.array(v.string()),
  /** What to do about it; null when there is nothing to do. */
  action: v.nullable(v.string()),
})
export type Gate = v.InferOutput<typeof Gate>
export type Finding = Omit<Gate, 'gate'>

export const GatesQuery = v.object({
  fresh: QueryFlag,
})

export const GateReport = v.object({
  /** `pass`: no gate failed. */
  status: v.picklist(['pass', 'fail']),
  passed: v.number(),
  failed: v.number(),
  skipped: v.number(),
  gates: v.array(Gate),
  checked_at: v.string(),
  correlation_id: v.string(),
})
export type GateReport = v.InferOutput<typeof GateReport>
