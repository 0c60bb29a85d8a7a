/** Measures processor time and memory of this process. */
import type { Vitals } from '../../ports/index.ts'

const gib = 2 ** 30

export function processVitals(): Vitals {
  let usage = process.cpuUsage()
  let readAt = performance.now()
  return {
    cpuPercent() {
      const spent = process.cpuUsage(usage)
      const elapsedUs = (performance.now() - readAt) * 1000
      usage = process.cpuUsage()
      readAt = performance.now()
      return elapsedUs === 0 ? 0 : (100 * (spent.user + spent.system)) / elapsedUs
    },
    ramGib: () => process.memoryUsage.rss() / gib,
  }
}
