/** Measures the gateway's own calls to a peer; the proxy measures the calls it forwards, whose route it knows. */
import type { PeerName } from '../../config/config.ts'
import { catalogue, GatewayError } from '../../errors/gateway-error.ts'
import type { CallPurpose, Clock, Metrics, Upstream, UpstreamInit } from '../../ports/index.ts'

interface CountedOptions {
  name: PeerName
  clock: Pick<Clock, 'monotonic'>
  metrics: Pick<Metrics, 'exchangeFinished'>
  /** The purpose of a call that names none. */
  purpose: CallPurpose
}

export function counted(next: Upstream, options: CountedOptions): Upstream {
  // Only proxied requests carry a trace.
  return (target, init) => (init.trace ? next(target, init) : measure(next, options, target, init))
}

async function measure(next: Upstream, options: CountedOptions, target: string, init: UpstreamInit) {
  const { name, clock, metrics } = options
  const startedAt = clock.monotonic()
  const finished = (status: number) => {
    const purpose = init.purpose ?? options.purpose
    const durationMs = clock.monotonic() - startedAt
    metrics.exchangeFinished({ upstream: name, purpose, method: init.method, status, durationMs })
  }
  try {
    const answer = await next(target, init)
    finished(answer.status)
    return answer
  } catch (error) {
    finished(error instanceof GatewayError ? catalogue[error.code].status : 500)
    throw error
  }
}
