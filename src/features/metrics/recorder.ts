/** Collects the figures of the current minute beside the Prometheus counters: request latencies and chat count. */
import { type LatencyHistogram, latencyHistogram } from '../../lib/latency-histogram.ts'
import type { Metrics } from '../../ports/index.ts'

export interface Minute {
  latencies: LatencyHistogram
  /** Chat messages that were answered. */
  chats: number
}

export interface Recorder {
  /** The wrapped port. */
  metrics: Metrics
  /** The figures since the last call. */
  take(): Minute
}

const newMinute = (): Minute => ({ latencies: latencyHistogram(), chats: 0 })
const chatRoute = /^\/operator\/(api\/chat|chat(\/ask)?)$/
/** WebSocket handshakes are answered at once; their latency means nothing. */
const switchingProtocols = 101

export function recorder(metrics: Metrics): Recorder {
  let minute = newMinute()
  return {
    metrics: {
      ...metrics,
      requestFinished(request) {
        metrics.requestFinished(request)
        const { method, route, status, durationMs } = request
        if (status !== switchingProtocols) minute.latencies.add(durationMs)
        if (status === 200 && method === 'POST' && chatRoute.test(route)) minute.chats++
      },
    },
    take() {
      const taken = minute
      minute = newMinute()
      return taken
    },
  }
}
