/** Metrics of the upstream layers: retries, circuits, limits, exchanges that callers aborted. */
import type { Registry } from 'prom-client'
import Counter from 'prom-client/lib/counter.js'
import Gauge from 'prom-client/lib/gauge.js'
import type { PeerName } from '../../config/config.ts'
import type { Metrics, UpstreamState, UpstreamStates } from '../../ports/index.ts'
import { addressMetrics } from './address-metrics.ts'
import { circuitNumbers } from './circuit-numbers.ts'

type ProtectionMetrics = Pick<
  Metrics,
  | 'upstreamRetried'
  | 'retryRefused'
  | 'circuitChanged'
  | 'upstreamRefused'
  | 'bodyAbandoned'
  | 'watchUpstreams'
  | 'watchSockets'
>

export function upstreamMetrics(registry: Registry): {
  port: ProtectionMetrics
  callerLeft: (upstream: PeerName) => void
} {
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name, help, labelNames, registers: [registry] })
  const retries = counter('vx11_upstream_retries_total', 'Tries after the first', ['upstream'])
  const overBudget = counter('vx11_upstream_retries_refused_total', 'Retries that the budget refused', ['upstream'])
  const transitions = counter('vx11_circuit_transitions_total', 'Changes of a circuit, by the state it changed to', [
    'upstream',
    'state',
  ])
  const refusals = counter('vx11_upstream_rejections_total', 'Requests that the gateway did not send to an upstream', [
    'upstream',
    'reason',
  ])
  const aborts = counter('vx11_upstream_aborts_total', 'Exchanges whose caller left before the end', ['upstream'])

  let read: () => UpstreamStates = () => ({})
  const gauge = (name: string, help: string, value: (state: UpstreamState) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['upstream'],
      registers: [registry],
      collect() {
        for (const [upstream, state] of Object.entries(read())) this.set({ upstream }, value(state))
      },
    })
  gauge('vx11_circuit_state', '0 closed, 1 open, 2 half open', ({ circuit }) => circuitNumbers[circuit])
  gauge('vx11_upstream_in_flight', 'Requests under way, to the end of their bodies', ({ inFlight }) => inFlight)
  addressMetrics(registry, () => read())

  let readSockets: Parameters<Metrics['watchSockets']>[0] = () => ({})
  new Gauge({
    name: 'vx11_upstream_sockets',
    help: 'Open WebSockets to an upstream',
    labelNames: ['upstream'],
    registers: [registry],
    collect() {
      for (const [upstream, sockets] of Object.entries(readSockets())) this.set({ upstream }, sockets)
    },
  })

  const callerLeft = (upstream: PeerName) => aborts.inc({ upstream })
  const port: ProtectionMetrics = {
    upstreamRetried: (upstream) => retries.inc({ upstream }),
    retryRefused: (upstream) => overBudget.inc({ upstream }),
    circuitChanged: (upstream, state) => transitions.inc({ upstream, state }),
    upstreamRefused: (upstream, reason) => refusals.inc({ upstream, reason }),
    bodyAbandoned: callerLeft,
    watchUpstreams(reader) {
      read = reader
    },
    watchSockets(reader) {
      readSockets = reader
    },
  }
  return { port, callerLeft }
}
