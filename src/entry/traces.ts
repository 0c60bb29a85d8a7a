/** Puts the parts of tracing together, alike on both runtimes: context, sampler, spans, queue, collector. */
import { asyncContext } from '../adapters/async-context/context.ts'
import { envelope } from '../adapters/otlp/encode.ts'
import { type SpanExporter, spanExporter } from '../adapters/otlp/exporter.ts'
import type { Config, TracingConfig } from '../config/config.ts'
import { build } from '../lib/build.ts'
import { sampler } from '../modules/tracing/sampler.ts'
import type { TraceSpan } from '../modules/tracing/span.ts'
import { tracer } from '../modules/tracing/tracer.ts'
import type { Clock, Deps, Log, Metrics, Random, Tracing, Transport } from '../ports/index.ts'

/** What differs by runtime, or exists later than the log and the database. */
interface Platform {
  log: Log
  metrics: Metrics
  transport: Transport
  background: Deps['background']
  instance: string
  /** By its name in the conventions. */
  runtime: 'nodejs' | 'workerd'
  maxDelayMs?: number
  /** For all tries of a batch. */
  batchTimeMs: number
}

export interface Traces {
  tracing: Tracing
  /** Before it spans are made and forgotten. */
  begin(platform: Platform): SpanExporter
}

const scope = { name: 'tentaculo-link', version: build.version }

/** Null where tracing is off: nothing of it exists then. */
export function traces(config: Config, parts: { clock: Clock; random: Random }): Traces | null {
  const settings = config.tracing
  if (!settings) return null
  const store = asyncContext<TraceSpan>()
  let exporter: SpanExporter | undefined
  const tracing = tracer({
    ...parts,
    store,
    sampler: sampler(settings.sampler),
    // What is sent belongs to no request.
    ended: (span) => store.run(undefined, () => exporter?.record(span)),
    overLimit: () => exporter?.drop('span_limit', 1),
  })
  return {
    tracing,
    begin(platform) {
      const { log, metrics, transport, background, batchTimeMs, maxDelayMs = settings.delayMs } = platform
      exporter = spanExporter({
        ...parts,
        ...{ log, transport, background, batchTimeMs, collector: settings, maxWaiting: settings.maxWaiting },
        envelope: envelope(resourceOf(config, settings, platform), scope),
        delayMs: Math.min(settings.delayMs, maxDelayMs),
      })
      metrics.watchTraces(exporter.counts)
      return exporter
    },
  }
}

const resourceOf = (
  { environment }: Config,
  { serviceName, resource }: TracingConfig,
  { instance, runtime }: Platform,
) => ({
  'service.version': build.version,
  'service.instance.id': instance,
  'deployment.environment.name': environment,
  'telemetry.sdk.name': scope.name,
  'telemetry.sdk.language': runtime === 'nodejs' ? 'nodejs' : 'webjs',
  'telemetry.sdk.version': build.version,
  'process.runtime.name': runtime,
  ...resource,
  'service.name': serviceName,
})
