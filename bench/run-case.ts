/** Which measurement stands behind the name of a case. */
import { loadCases } from './cases.ts'
import { measureAcross } from './measure/across.ts'
import { measureEvents } from './measure/events.ts'
import { measureGrowth } from './measure/growth.ts'
import { measureHostile } from './measure/hostile.ts'
import { measureLatency } from './measure/latency.ts'
import { measureLoad } from './measure/load.ts'
import { measureLocked } from './measure/locked.ts'
import { measureOperatorData } from './measure/operator-data.ts'
import { measureStart } from './measure/start.ts'
import { measureStreams } from './measure/streams.ts'
import { measureWorkerd } from './measure/workerd.ts'
import type { Limits } from './method/rounds.ts'
import type { Options } from './options.ts'
import type { CaseResults, Conditions, Measured } from './report/results.ts'
import type { Bundle, Target, Upstream } from './targets/targets.ts'

export interface Bench {
  options: Options
  upstream: Target & Upstream
  bundle: Bundle
  baseline: Bundle | null
  conditions: () => Conditions
  /** Of each comparison. */
  limits: Limits
}

const measurements: Record<string, { title: string; measure: (bench: Bench) => Promise<Measured> }> = {
  start: { title: 'Start', measure: measureStart },
  latency: { title: 'Added latency at a constant rate', measure: measureLatency },
  streams: { title: 'Open event streams', measure: measureStreams },
  events: { title: 'Events', measure: measureEvents },
  across: { title: 'Events from one instance to another', measure: measureAcross },
  'operator-data': { title: "The operator's views of a large database", measure: measureOperatorData },
  locked: { title: 'A locked database', measure: measureLocked },
  hostile: { title: 'Hostile connections', measure: measureHostile },
  growth: { title: 'Growth', measure: measureGrowth },
  workerd: { title: 'On workerd', measure: measureWorkerd },
  ...Object.fromEntries(
    loadCases.map((one) => [one.name, { title: one.title, measure: (bench: Bench) => measureLoad(bench, one) }]),
  ),
}

export async function runCase(bench: Bench, name: string): Promise<CaseResults> {
  const one = measurements[name]
  if (!one) throw new Error(`no case ${name}`)
  return { name, title: one.title, conditions: bench.conditions(), ...(await one.measure(bench)) }
}

export const hasCase = (name: string): boolean => Object.hasOwn(measurements, name)
