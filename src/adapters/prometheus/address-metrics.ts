/** Metrics of upstreams with several addresses; without one these have no samples. */
import type { Registry } from 'prom-client'
import Counter from 'prom-client/lib/counter.js'
import Gauge from 'prom-client/lib/gauge.js'
import type { AddressState, UpstreamState, UpstreamStates } from '../../ports/index.ts'
import { circuitNumbers } from './circuit-numbers.ts'

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number | null]

/** All are read at a scrape: the states count. An address that the configuration no longer names is gone. */
export function addressMetrics(registry: Registry, read: () => UpstreamStates): void {
  const common = (name: string, help: string, labels: readonly string[]) => ({
    name: `vx11_upstream_${name}`,
    help,
    labelNames: ['upstream', ...labels],
    registers: [registry],
  })

  const samples = (samplesOf: (state: UpstreamState) => readonly Sample[]) =>
    Object.entries(read()).flatMap(([upstream, state]) =>
      samplesOf(state).flatMap(([labels, value]) =>
        value === null ? [] : [[{ upstream, ...labels }, value] as const],
      ),
    )
  const gauge = (name: string, help: string, value: (address: AddressState) => number | null) =>
    new Gauge({
      ...common(name, help, ['address']),
      collect() {
        this.reset()
        for (const [labels, each] of samples((state) => ofAddresses(state, (address) => [[{}, value(address)]])))
          this.set(labels, each)
      },
    })
  const counter = (
    name: string,
    help: string,
    labels: readonly string[],
    samplesOf: (state: UpstreamState) => readonly Sample[],
  ) =>
    new Counter({
      ...common(name, help, labels),
      collect() {
        this.reset()
        for (const [given, value] of samples(samplesOf)) this.inc(given, value)
      },
    })

  gauge('address_up', 'Whether its last answer to /health was good', ({ health }) => health && Number(health.up))
  gauge('address_circuit_state', '0 closed, 1 open, 2 half open', ({ circuit }) => circuitNumbers[circuit])
  gauge('address_in_flight', 'Requests under way at an address', ({ inFlight }) => inFlight)
  counter('address_tries_total', 'Tries at an address', ['address', 'outcome'], (state) =>
    ofAddresses(state, ({ tries }) => Object.entries(tries).map(([outcome, count]) => [{ outcome }, count])),
  )
  counter('address_seconds_total', 'Time of tries to the status line or the failure', ['address'], (state) =>
    ofAddresses(state, ({ waitedMs }) => [[{}, waitedMs / 1000]]),
  )
  counter('address_ejections_total', 'How often an address was set aside', ['address'], (state) =>
    ofAddresses(state, ({ ejections }) => [[{}, ejections]]),
  )
  counter('last_resorts_total', 'Tries while every address was set aside or down', [], ({ lastResorts }) => [
    [{}, lastResorts ?? null],
  ])
  counter('hedges_total', 'Slow reads and what became of their second try', ['result'], ({ hedges }) =>
    hedges
      ? [
          [{ result: 'won' }, hedges.won],
          [{ result: 'lost' }, hedges.sent - hedges.won],
          [{ result: 'refused' }, hedges.refused],
        ]
      : [],
  )
}

const ofAddresses = ({ addresses = [] }: UpstreamState, samplesOf: (address: AddressState) => readonly Sample[]) =>
  addresses.flatMap((each) =>
    samplesOf(each).map(([labels, value]) => [{ address: each.url, ...labels }, value] as const),
  )
