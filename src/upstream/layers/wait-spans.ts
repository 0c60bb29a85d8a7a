/** Spans for what a request meets between its tries: pauses, and refusals of breaker and limits. */
import type { PeerName } from '../../config/config.ts'
import type { Clock, Tracing } from '../../ports/index.ts'

/** The same pause where tracing is off. */
export function spannedPause(pause: Clock['sleep'], name: PeerName, tracing: Tracing | undefined): Clock['sleep'] {
  if (!tracing) return pause
  return async (ms, signal) => {
    const span = tracing.begin({ name: 'retry wait', kind: 'internal', attributes: { 'peer.service': name } })
    try {
      await pause(ms, signal)
      span?.end()
    } catch (error) {
      span?.end('client_closed_request')
      throw error
    }
  }
}

/** The breaker refuses at once instead of letting anybody wait: a span without a duration says so. */
export function noteRefusal(tracing: Tracing | undefined, name: PeerName, reason: string): void {
  tracing?.begin({ name: 'upstream refused', kind: 'internal', attributes: { 'peer.service': name } })?.end(reason)
}
