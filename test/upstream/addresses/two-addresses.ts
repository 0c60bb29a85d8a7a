/** An upstream of two addresses with all its layers, on a network and a clock of the test. */
import Registry from 'prom-client/lib/registry.js'
import { prometheusMetrics } from '../../../src/adapters/prometheus/metrics.ts'
import { parseConfig } from '../../../src/config/config.ts'
import { TransportError } from '../../../src/errors/gateway-error.ts'
import type { ExchangeTrace, Log, LogFields, OpenedWebSocket, UpstreamInit } from '../../../src/ports/index.ts'
import { connectUpstreams } from '../../../src/upstream/connect.ts'
import { watchBody } from '../../../src/upstream/layers/watch-body.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { fakeNetwork } from '../../support/fake-network.ts'
import { fakeRandom } from '../../support/fake-random.ts'
import { answerOf, get } from '../scripted-upstream.ts'

export const one = 'http://one:8007'
export const other = 'http://other:8007'
type Answer = Parameters<ReturnType<typeof fakeNetwork>['answer']>[1]

export function twoAddresses(env: Record<string, string> = {}) {
  const clock = fakeClock()
  const network = fakeNetwork()
  const lines: string[] = []
  const line = (event: string, fields?: LogFields) => void lines.push(`${event} ${fields?.address ?? fields?.upstream}`)
  const log: Log = { debug: line, info: line, warn: line, error: line }
  const events: string[] = []
  const metrics = prometheusMetrics(new Registry(), clock)
  const config = parseConfig({ SHUB_URL: `${one}, ${other}`, VX11_GATEWAY_TOKEN: 'token-for-tests', ...env })
  const sockets: string[] = []
  const connected = connectUpstreams({
    announce: ({ type }) => void events.push(type),
    config,
    clock,
    random: fakeRandom(),
    log,
    metrics,
    transports: { url: network.transport },
    webSocketTransports: {
      url: async (url) => {
        sockets.push(url)
        if (url.startsWith(one)) throw new TransportError('unreachable')
        return { peer: {}, protocol: null, headers: {} } as OpenedWebSocket
      },
    },
    watchBody,
    pause: (ms) => clock.advance(ms),
  })
  const shub = (target: string, init: UpstreamInit = get) => {
    if (!connected.upstreams.shub) throw new Error('no shub')
    return connected.upstreams.shub(target, init)
  }
  const answer = (path: string, atOne: Answer, atOther: Answer) => {
    network.answer(one + path, atOne)
    network.answer(other + path, atOther)
  }
  const asked = () => network.exchanges.map(({ url }) => (url.startsWith(one) ? 'one' : 'other'))
  const state = () => {
    const { shub } = connected.upstreamStates()
    if (!shub) throw new Error('no shub')
    return shub
  }
  const at = (index: number) => state().addresses?.[index]
  return { ...connected, config, clock, network, lines, events, metrics, shub, answer, asked, state, at, sockets }
}

export const down = new TransportError('unreachable')
export const ok = answerOf(200)
export const newTrace = (): ExchangeTrace => ({ attempts: 0, upstreamMs: 0, pausedMs: 0, tries: [] })
