/** Metrics of the build, the limit store, the running configuration and standard output. */
import type { Registry } from 'prom-client'
import Counter from 'prom-client/lib/counter.js'
import Gauge from 'prom-client/lib/gauge.js'
import { build } from '../../lib/build.ts'
import type { Metrics } from '../../ports/index.ts'

type OwnMetrics = Pick<
  Metrics,
  | 'watchForecasts'
  | 'watchLimiter'
  | 'watchLogLines'
  | 'watchTraces'
  | 'watchConfiguration'
  | 'watchDrift'
  | 'configReloaded'
>

const dropReasons = ['queue_full', 'span_limit', 'not_delivered', 'refused', 'shutdown'] as const

export function ownMetrics(registry: Registry): OwnMetrics {
  const registers = [registry]
  const reloads = new Counter({
    name: 'vx11_config_reloads_total',
    help: 'Reloads of the configuration by outcome: applied, unchanged, or refused because it was not valid',
    labelNames: ['outcome'],
    registers,
  })
  new Gauge({
    name: 'vx11_build_info',
    help: 'Always 1; its labels are the version and the commit of the program',
    labelNames: ['version', 'commit'],
    registers,
    collect() {
      this.set({ version: build.version, commit: build.commit ?? '' }, 1)
    },
  })
  return {
    watchLimiter({ store, isUnavailable }) {
      new Gauge({
        name: 'vx11_limiter_store_up',
        help: '1 while the store of the limits works, 0 while each instance counts for itself',
        labelNames: ['store'],
        registers,
        collect() {
          this.set({ store }, isUnavailable?.() ? 0 : 1)
        },
      })
    },
    watchConfiguration(read) {
      new Gauge({
        name: 'vx11_config_info',
        help: '1 for the hash of the running configuration',
        labelNames: ['hash'],
        registers,
        collect() {
          this.reset()
          this.set({ hash: read().hash }, 1)
        },
      })
      new Gauge({
        name: 'vx11_config_loaded_timestamp_seconds',
        help: 'When the running configuration was taken, in seconds since 1970',
        registers,
        collect() {
          this.set(read().loadedAt / 1000)
        },
      })
      new Gauge({
        name: 'vx11_config_last_reload_successful',
        help: '1 unless the last reload was refused',
        registers,
        collect() {
          this.set(read().lastReload?.outcome === 'refused' ? 0 : 1)
        },
      })
    },
    watchDrift(read) {
      new Gauge({
        name: 'vx11_drift_open',
        help: 'Drifts from the canon that the last audit found, by area and severity',
        labelNames: ['area', 'severity'],
        registers,
        collect() {
          this.reset()
          for (const { area, severity } of read()?.drifts ?? []) this.inc({ area, severity })
        },
      })
      new Gauge({
        name: 'vx11_drift_audited_timestamp_seconds',
        help: 'When the last drift audit ended, in seconds since 1970',
        registers,
        collect() {
          const last = read()
          if (last) this.set(last.at / 1000)
          else this.remove()
        },
      })
    },
    watchForecasts(read) {
      new Gauge({
        name: 'vx11_forecast_seconds',
        help: 'Seconds until a resource is used up, if it goes on like this; absent where nothing is predicted',
        labelNames: ['resource'],
        registers,
        collect() {
          this.reset()
          for (const { name, inS } of read()) if (inS !== null) this.set({ resource: name }, inS)
        },
      })
    },
    configReloaded: (outcome) => reloads.inc({ outcome }),
    watchTraces(read) {
      new Counter({
        name: 'vx11_trace_spans_exported_total',
        help: 'Spans that the collector took',
        registers,
        collect() {
          this.reset()
          this.inc(read().exported)
        },
      })
      new Counter({
        name: 'vx11_trace_spans_dropped_total',
        help: 'Spans that the collector did not get, by reason',
        labelNames: ['reason'],
        registers,
        collect() {
          this.reset()
          // From zero on, so that the first loss is seen to rise.
          for (const reason of dropReasons) this.inc({ reason }, 0)
          for (const [reason, count] of Object.entries(read().dropped)) this.inc({ reason }, count)
        },
      })
      new Gauge({
        name: 'vx11_trace_spans_waiting',
        help: 'Spans that wait for the collector',
        registers,
        collect() {
          this.set(read().waiting)
        },
      })
    },
    watchLogLines(dropped) {
      new Counter({
        name: 'vx11_log_lines_dropped_total',
        help: 'Log lines lost because standard output did not take them',
        registers,
        collect() {
          this.reset()
          this.inc(dropped())
        },
      })
    },
  }
}
