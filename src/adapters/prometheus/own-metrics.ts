/** Metrics of the build, of the limit store and of standard output. */
import type { Registry } from 'prom-client'
import Counter from 'prom-client/lib/counter.js'
import Gauge from 'prom-client/lib/gauge.js'
import { build } from '../../lib/build.ts'
import type { Metrics } from '../../ports/index.ts'

export function ownMetrics(registry: Registry): Pick<Metrics, 'watchLimiter' | 'watchLogLines'> {
  const registers = [registry]
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
