/** Traces through the real entries, to a collector that is real and misbehaves: the same spans on both runtimes. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Gateway, runtimes, token } from '../support/gateways.ts'
import { isGatewaysOwn } from '../support/own-questions.ts'
import { json } from '../support/simulators/answers.ts'
import { startOpenAi } from '../support/simulators/openai.ts'
import { get } from '../support/simulators/routing.ts'
import { type Simulator, startSimulator } from '../support/simulators/simulator.ts'
import { type Collector, startCollector, treeOf } from '../support/trace-collector.ts'

const key = 'key-of-the-model'
const collectorSecret = 'secret-of-the-collector'
/** Its routes that the gateway caches itself would say nothing of the proxy. */
const shubService = {
  title: 'shub',
  routes: [get('/health', () => json({ status: 'ok' })), get('/stems', () => json([]))],
}
const callerSpan = '00f067aa0ba902b7'
let lastTrace = 0
/** A caller's `traceparent`, of a trace of its own each time. */
function newTrace(flags = '01') {
  const traceId = (++lastTrace).toString(16).padStart(32, 'a')
  return { traceId, traceparent: `00-${traceId}-${callerSpan}-${flags}` }
}

const proxiedTree = [
  {
    name: 'GET /shub/*',
    attributes: { 'http.response.status_code': 200, 'http.route': '/shub/*', 'url.path': '/shub/stems' },
    children: [
      { name: 'GET', attributes: { 'http.response.status_code': 503, 'error.type': '503', 'peer.service': 'shub' } },
      { name: 'retry wait', attributes: { 'peer.service': 'shub' } },
      {
        name: 'GET',
        attributes: { 'http.response.status_code': 200, 'http.request.resend_count': 1, 'peer.service': 'shub' },
      },
    ],
  },
]
const proxiedAttributes = [
  ...['http.route', 'http.response.status_code', 'http.request.resend_count', 'url.path', 'error.type', 'peer.service'],
]

const chatTree = [
  {
    name: 'POST /operator/api/chat',
    attributes: { 'http.response.status_code': 200 },
    children: [
      { name: 'BATCH INSERT operator_session', attributes: { 'db.system.name': 'sqlite' } },
      {
        name: 'chat deepseek-reasoner',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'deepseek',
          'gen_ai.request.model': 'deepseek-reasoner',
          'gen_ai.response.model': 'deepseek-reasoner',
          'gen_ai.response.finish_reasons': ['stop'],
          'gen_ai.usage.input_tokens': 9,
          'gen_ai.usage.output_tokens': 6,
        },
        children: [{ name: 'POST', attributes: { 'http.response.status_code': 200, 'peer.service': 'deepseek_r1' } }],
      },
      { name: 'BATCH INSERT operator_message', attributes: { 'db.system.name': 'sqlite' } },
    ],
  },
]
const chatAttributes = [
  ...['http.response.status_code', 'peer.service', 'db.system.name'],
  ...['gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.request.model', 'gen_ai.response.model'],
  ...['gen_ai.response.finish_reasons', 'gen_ai.usage.input_tokens', 'gen_ai.usage.output_tokens'],
]

describe.each(runtimes)('traces on %s', (runtime, startGateway) => {
  let collector: Collector
  let shub: Simulator
  let deepseek: Simulator
  let gateway: Gateway
  beforeAll(async () => {
    const simulators = [startSimulator(shubService), startOpenAi({ key })] as const
    ;[collector, shub, deepseek] = await Promise.all([startCollector(), ...simulators])
    gateway = await startGateway({
      SHUB_URL: shub.url,
      VX11_CHAT_ALLOW_DEEPSEEK: '1',
      DEEPSEEK_API_KEY: key,
      DEEPSEEK_BASE_URL: `${deepseek.url}/v1`,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `Authorization=Bearer%20${collectorSecret}`,
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1000',
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_RESOURCE_ATTRIBUTES: 'team=links,service.name=overridden',
      OTEL_SERVICE_NAME: 'the-gateway',
    })
    // What a process learns once with its first chat belongs to that one.
    await say('warm-up', newTrace('00').traceparent, false)
  })
  afterAll(async () => {
    await gateway?.stop()
    await Promise.all([collector?.stop(), shub?.close(), deepseek?.close()])
  })
  beforeEach(() => {
    collector.misbehaves = null
    shub.misbehave(null)
  })

  const asked = () => shub.requests.filter(({ path }) => !isGatewaysOwn(path))
  const ask = (headers: Record<string, string>, path = '/shub/stems?ticket=query-secret') =>
    gateway.fetch(path, { headers })
  const say = async (message: string, traceparent: string, stream: boolean) => {
    const body = JSON.stringify({ message, stream })
    return (await gateway.fetch('/operator/api/chat', { method: 'POST', body, headers: { traceparent } })).text()
  }
  const logged = (event: string) =>
    gateway
      .output()
      .split('\n')
      .filter((line) => line.includes(`"event":"${event}"`))

  it('show each try of a proxied request, the wait between them, and the caller above', async () => {
    const { traceId, traceparent } = newTrace()
    shub.misbehave({ kind: 'status', status: 503, times: 1 })
    const before = asked().length
    const answer = await ask({ traceparent, tracestate: 'vendor=a,other=b' })
    expect(answer.status).toBe(200)
    const spans = await collector.trace(traceId)
    expect(treeOf(spans, proxiedAttributes)).toEqual(proxiedTree)
    expect(spans.find(({ kind }) => kind === 2)).toMatchObject({
      parentSpanId: callerSpan,
      traceState: 'vendor=a,other=b',
    })
    const tries = spans.filter(({ kind }) => kind === 3)
    const told = asked()
      .slice(before)
      .map(({ headers }) => fieldsOf(headers))
    expect(told.map((fields) => [fields.traceparent, fields.tracestate])).toEqual(
      tries.map(({ spanId }) => [`00-${traceId}-${spanId}-01`, 'vendor=a,other=b']),
    )
    expect(collector.resource).toMatchObject({ 'service.name': 'the-gateway', team: 'links' })
    expect(collector.requests[0]?.path).toBe('/v1/traces')
    expect(collector.requests[0]?.headers.authorization).toBe(`Bearer ${collectorSecret}`)
  })

  it.each([true, false])('show a chat with its provider and its database, streamed: %s', async (stream) => {
    const { traceId, traceparent } = newTrace()
    expect(await say('prompt-secret', traceparent, stream)).toContain('says')
    await collector.until((span) => span.traceId === traceId && span.name === 'BATCH INSERT operator_message')
    expect(treeOf(await collector.trace(traceId), chatAttributes)).toEqual(chatTree)
    const model = deepseek.requests.at(-1)?.headers ?? []
    expect(Object.keys(fieldsOf(model)).filter((name) => name.startsWith('trace'))).toEqual([])
  })

  it('record what the caller records, and pass the decision on', async () => {
    const { traceId, traceparent } = newTrace('00')
    const before = asked().length
    await ask({ traceparent, tracestate: 'vendor=a' })
    const fields = fieldsOf(asked()[before]?.headers ?? [])
    expect(fields.traceparent).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`))
    expect(fields.tracestate).toBe('vendor=a')
    const later = newTrace()
    await ask({ traceparent: later.traceparent })
    await collector.trace(later.traceId)
    expect(collector.spans.filter((span) => span.traceId === traceId)).toEqual([])
  })

  it('start anew below a parent that is not valid, without its state', async () => {
    const before = asked().length
    await ask({ traceparent: `00-${'0'.repeat(32)}-${callerSpan}-01`, tracestate: 'vendor=a' })
    const fields = fieldsOf(asked()[before]?.headers ?? [])
    const [, traceId = ''] = String(fields.traceparent).split('-')
    expect(fields.tracestate).toBeUndefined()
    const root = (await collector.trace(traceId)).find(({ kind }) => kind === 2)
    expect(root).toMatchObject({ name: 'GET /shub/*' })
    expect(root?.parentSpanId).toBeUndefined()
  })

  it('have an id that stands in the log and in the bodies of problems', async () => {
    const { traceId, traceparent } = newTrace()
    const answer = await ask({ traceparent }, '/nowhere')
    expect(await answer.json()).toMatchObject({ error: 'not_found', trace_id: traceId })
    await expect.poll(() => logged('request').some((line) => line.includes(`"trace_id":"${traceId}"`))).toBe(true)
    const [root] = await collector.trace(traceId)
    expect(root?.attributes).toMatchObject({ 'http.route': 'unmatched', 'http.response.status_code': 404 })
    expect(root?.status).toBeUndefined()
  })

  it('show that an upstream was not asked', async () => {
    shub.misbehave({ kind: 'reset' })
    const { traceId, traceparent } = newTrace()
    expect((await ask({ traceparent })).status).toBe(503)
    const spans = await collector.trace(traceId)
    expect(spans.find(({ kind }) => kind === 2)).toMatchObject({
      status: { code: 2 },
      attributes: { 'error.type': 'shub_unavailable', 'vx11.error': 'shub_unavailable' },
    })
    expect(spans.filter(({ kind }) => kind === 3).map(({ attributes }) => attributes['error.type'])).toContain('reset')
  })

  it.each([
    ['hangs', 'hang'],
    ['is overloaded', { status: 429, headers: { 'retry-after': '1' } }],
    ['is not ready', { status: 503 }],
  ] as const)('harm no request while the collector %s, and arrive later', async (_, misbehaves) => {
    const before = collector.requests.length
    collector.misbehaves = misbehaves
    const traces = Array.from({ length: 5 }, () => newTrace())
    for (const { traceparent } of traces) expect((await ask({ traceparent })).status).toBe(200)
    await expect.poll(() => collector.requests.length).toBeGreaterThan(before)
    collector.misbehaves = null
    for (const { traceId } of traces) expect((await collector.trace(traceId)).length).toBeGreaterThan(0)
  })

  it('that a collector refuses are counted, and are one line until it takes some again', async () => {
    collector.misbehaves = { status: 401 }
    const droppedNow = async () =>
      Number(/vx11_trace_spans_dropped_total\{reason="refused"\} (\d+)/.exec(await metrics())?.[1] ?? 0)
    const metrics = async () => (await gateway.fetch('/metrics')).text()
    for (let count = 0; count < 3; count++) await ask({ traceparent: newTrace().traceparent })
    await expect.poll(droppedNow).toBeGreaterThan(5)
    expect(logged('traces_not_exported')).toHaveLength(1)
    expect(logged('traces_not_exported')[0]).toContain('status_401')
    collector.misbehaves = null
    const { traceId, traceparent } = newTrace()
    await ask({ traceparent })
    await collector.trace(traceId)
    await expect.poll(() => logged('traces_exported_again').length).toBe(1)
    expect(await metrics()).toMatch(/vx11_trace_spans_exported_total [1-9]/)
  })

  it('outlast a collector that is killed and started again', async () => {
    const { port } = new URL(collector.url)
    await collector.stop()
    const { traceId, traceparent } = newTrace()
    expect((await ask({ traceparent })).status).toBe(200)
    collector = await startCollector(Number(port))
    expect((await collector.trace(traceId)).length).toBeGreaterThan(0)
  })

  it('hold no secret, no query and nothing that was said', () => {
    const told = JSON.stringify([collector.spans, collector.resource])
    for (const secret of [token, key, collectorSecret, 'query-secret', 'prompt-secret', 'says hello'])
      expect(told).not.toContain(secret)
    expect(gateway.output()).not.toContain(collectorSecret)
  })

  it.runIf(runtime === 'Node')('that wait are sent before the process ends', async () => {
    collector.misbehaves = { status: 429, headers: { 'retry-after': '25' } }
    const before = collector.requests.length
    const { traceId, traceparent } = newTrace()
    await ask({ traceparent })
    await expect.poll(() => collector.requests.length).toBeGreaterThan(before)
    collector.misbehaves = null
    await gateway.stop()
    expect(collector.spans.filter((span) => span.traceId === traceId && span.kind === 2)).toHaveLength(1)
  })
})

/** Of a recorded request; names as they were sent are lower case on Node, and any case on workerd. */
const fieldsOf = (headers: readonly (readonly [string, string])[]): Record<string, string | undefined> =>
  Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))
