/** The Metrics port over prom-client. The names up to `vx11_uptime_seconds` are those of the original, in its order. */
import type { Registry } from 'prom-client'
// Imported by file: the whole prom-client needs process modules that workerd lacks.
import Counter from 'prom-client/lib/counter.js'
import Gauge from 'prom-client/lib/gauge.js'
import { sampleWindow } from '../../lib/percentile.ts'
import type { Clock, DeliveryOutcome, Metrics } from '../../ports/index.ts'
import { chatMetrics } from './chat-metrics.ts'
import { ownMetrics } from './own-metrics.ts'
import { secondsHistogram } from './seconds-histogram.ts'
import { stateMetrics } from './state-metrics.ts'
import { statusLabel } from './status-label.ts'
import { upstreamMetrics } from './upstream-metrics.ts'

const latencySamples = 1000

/** Uptime starts here: of the process on Node, of the isolate on workerd. */
export function prometheusMetrics(registry: Registry, clock: Clock): Metrics {
  const registers = [registry]
  const startedAt = clock.monotonic()
  const latencies = sampleWindow(latencySamples)
  let hits = 0
  let misses = 0

  new Counter({
    name: 'shub_proxy_requests_total',
    help: 'Requests answered by shub, or by the gateway because shub did not',
    labelNames: ['status', 'path', 'method'],
    registers,
    // The original used raw paths as labels, which are unbounded; this uses the route template.
    collect() {
      this.reset()
      for (const { labels, count } of exchanges.counts())
        if (labels.upstream === 'shub' && labels.purpose === 'proxy')
          this.inc({ status: labels.status, path: '/shub/*', method: labels.method }, count)
    },
  })
  const cacheHits = new Counter({ name: 'cache_hit_total', help: 'Answers served from the health cache', registers })
  const cacheMisses = new Counter({ name: 'cache_miss_total', help: 'Look-ups the health cache missed', registers })
  const stale = new Counter({
    name: 'vx11_cache_stale_total',
    help: 'Answers served after their time, while a new one was fetched or because there was none',
    labelNames: ['reason'],
    registers,
  })
  new Gauge({
    name: 'cache_hit_rate',
    help: 'Health cache hits in percent of look-ups',
    registers,
    collect() {
      if (hits + misses === 0) this.remove()
      else this.set(round2((100 * hits) / (hits + misses)))
    },
  })
  for (const p of [50, 95, 99]) {
    new Gauge({
      name: `shub_proxy_latency_p${p}`,
      help: `Milliseconds to shub's status line, percentile ${p} of the last ${latencySamples} exchanges`,
      registers,
      collect() {
        const value = latencies.percentile(p)
        if (value === null) this.remove()
        else this.set(round2(value))
      },
    })
  }
  const rejections = new Counter({
    name: 'rate_limit_rejections',
    help: 'Requests refused because an allowance was spent',
    registers,
  })
  new Gauge({
    name: 'vx11_uptime_seconds',
    help: 'Whole seconds since the gateway started',
    registers,
    collect() {
      this.set(Math.floor((clock.monotonic() - startedAt) / 1000))
    },
  })
  const rejectionsByRule = new Counter({
    name: 'vx11_rate_limit_rejections_total',
    help: 'Requests refused because an allowance was spent, by rule',
    labelNames: ['rule'],
    registers,
  })
  const shadowed = new Counter({
    name: 'vx11_rate_limit_shadowed_total',
    help: 'Requests over an allowance that passed, since VX11_RATE_LIMIT_SHADOW is on, by rule',
    labelNames: ['rule'],
    registers,
  })
  const durations = secondsHistogram({
    name: 'vx11_http_request_duration_seconds',
    help: 'Seconds to the status line of an answer',
    labelNames: ['route', 'method', 'status'],
    registry,
  })

  const exchanges = secondsHistogram({
    name: 'vx11_upstream_exchange_duration_seconds',
    help: "Seconds to an upstream's status line, or to its failure",
    labelNames: ['upstream', 'purpose', 'method', 'status'],
    registry,
  })

  const actsMissing = new Counter({
    name: 'vx11_audit_not_stored_total',
    help: 'Beginnings and ends of administrative acts that are missing in the audit',
    registers,
  })
  const notRecorded = new Counter({
    name: 'vx11_requests_not_recorded_total',
    help: 'Proxied requests that are missing in the timelines of their correlation ids',
    registers,
  })

  const webhookAttempts = new Counter({
    name: 'vx11_webhook_attempts_total',
    help: 'Tries to deliver a notification, by how they ended',
    labelNames: ['webhook', 'outcome'],
    registers,
  })

  const wakes = new Counter({
    name: 'vx11_wakes_total',
    help: 'Windows that requests and schedules opened, joined or could not open, by outcome',
    labelNames: ['outcome'],
    registers,
  })

  const protection = upstreamMetrics(registry)

  return {
    ...protection.port,
    ...chatMetrics(registry),
    ...ownMetrics(registry),
    ...stateMetrics(registry),
    requestFinished({ method, route, status, durationMs }) {
      durations.observe({ method, route, status: statusLabel(status) }, durationMs / 1000)
    },
    exchangeFinished({ upstream, purpose, method, status, durationMs }) {
      exchanges.observe({ upstream, purpose, method, status: statusLabel(status) }, durationMs / 1000)
      if (purpose !== 'proxy') return
      if (status === 499) protection.callerLeft(upstream)
      if (upstream === 'shub') latencies.add(durationMs)
    },
    cacheLookup(result) {
      if (result === 'hit') hits++
      else misses++
      const counter = result === 'hit' ? cacheHits : cacheMisses
      counter.inc()
    },
    staleServed: (reason) => stale.inc({ reason }),
    requestLimited(rule) {
      rejections.inc()
      rejectionsByRule.inc({ rule })
    },
    limitShadowed: (rule) => shadowed.inc({ rule }),
    wakeEnded: (outcome) => wakes.inc({ outcome }),
    requestsNotRecorded: (count) => notRecorded.inc(count),
    actNotRecorded: () => actsMissing.inc(),
    webhookConfigured(webhook) {
      for (const outcome of deliveryOutcomes) webhookAttempts.inc({ webhook, outcome }, 0)
    },
    webhookAttempted: (webhook, outcome) => webhookAttempts.inc({ webhook, outcome }),
    async render() {
      return { contentType: registry.contentType, body: await registry.metrics() }
    },
  }
}

const deliveryOutcomes: readonly DeliveryOutcome[] = ['delivered', 'refused', 'failed', 'given_up']
const round2 = (value: number) => Math.round(value * 100) / 100
