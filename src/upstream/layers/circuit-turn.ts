/** Tells of a circuit that changed: in the metrics, the log and the events. */
import { circuitTurned } from '../../announcements.ts'
import type { PeerName } from '../../config/config.ts'
import type { Announce, CircuitState, Log, Metrics } from '../../ports/index.ts'

interface Told {
  log: Log
  metrics: Pick<Metrics, 'circuitChanged'>
  announce: Announce
}

export const tellsCircuit =
  (name: PeerName, { log, metrics, announce }: Told) =>
  (state: CircuitState): void => {
    metrics.circuitChanged(name, state)
    log[state === 'open' ? 'warn' : 'info'](`circuit_${state}`, { upstream: name })
    const event = circuitTurned(name, state)
    if (event) announce(event)
  }
