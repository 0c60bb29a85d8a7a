/** Decides whether a trace is recorded, by the samplers of OpenTelemetry's specification. */
import type { SamplerConfig } from '../../config/config.ts'
import type { TraceParent } from '../../lib/trace-context.ts'

/** `parent` is the caller's; null at the beginning of a trace. */
export type Sampler = (traceId: string, parent: TraceParent | null) => boolean

export function sampler({ name, ratio }: SamplerConfig): Sampler {
  const base = name.replace('parentbased_', '')
  const decide = base === 'traceidratio' ? byRatio(ratio) : () => base === 'always_on'
  if (base === name) return decide
  return (traceId, parent) => (parent ? parent.sampled : decide(traceId))
}

/** By the trace id's last 56 bits, so that services with the same ratio record the same traces. */
const byRatio = (ratio: number) => (traceId: string) => Number.parseInt(traceId.slice(18), 16) >= (1 - ratio) * 2 ** 56
