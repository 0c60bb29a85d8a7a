/** Traces through the real entries, to a collector that is real and misbehaves: the same spans on both runtimes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readEvents } from '../support/chat-network.ts'
import { type Gateway, runtimes, token } from '../support/gateways.ts'
import { startOpenAi } from '../support/simulators/openai.ts'
import { startShub } from '../support/simulators/shub.ts'
import type { Simulator } from '../support/simulators/simulator.ts'
import { type Collector, startCollector, treeOf } from '../support/trace-collector.ts'

describe.each(runtimes)('traces on %s', (runtime, startGateway) => {
  let collector: Collector
  let shub: Simulator
  let deepseek: Simulator
  let gateway: Gateway
  beforeAll(async () => {
    ;[collector, shub, deepseek] = await Promise.all([startCollector(), startShub({ token }), startOpenAi({ key: 'k' })])
    gateway = await startGateway({
      SHUB_URL: shub.url,
      VX11_CHAT_ALLOW_DEEPSEEK: '1',
      DEEPSEEK_API_KEY: 'k',
      DEEPSEEK_BASE_URL: `${deepseek.url}/v1`,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20collector-secret',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_RESOURCE_ATTRIBUTES: 'team=links',
    })
  })
  afterAll(async () => {
    await gateway?.stop()
    await Promise.all([collector?.stop(), shub?.close(), deepseek?.close()])
  })

  it('try', async () => {
    shub.misbehave({ kind: 'status', status: 503, times: 1 })
    const traceparent = '00-11111111111111111111111111111111-2222222222222222-01'
    const r = await gateway.fetch('/shub/api/health?secret=1', { headers: { traceparent, tracestate: 'a=1,b=2' } })
    console.log(r.status, await r.text())
    const spans = await collector.trace('1'.repeat(32))
    console.log(JSON.stringify(spans, null, 1), collector.resource, collector.requests[0])
    console.log(JSON.stringify(shub.requests.map((q) => q.headers)))
    const c = await gateway.fetch('/operator/api/chat', {
      method: 'POST',
      body: JSON.stringify({ message: 'hello', stream: true }),
      headers: { 'content-type': 'application/json', traceparent: traceparent.replaceAll('1', '3').replace('-03', '-01') },
    })
    console.log(c.status, (await readEvents(c)).length)
    await collector.until((span) => span.name.startsWith('chat '))
    await new Promise((r) => setTimeout(r, 2500))
    const chat = collector.spans.filter((s) => s.traceId === '3'.repeat(32))
    console.log(JSON.stringify(treeOf(chat, ['db.query.summary']), null, 1))
    console.log(JSON.stringify(chat.find((s) => s.name.startsWith('chat ')), null, 1))
    console.log((await (await gateway.fetch('/metrics')).text()).match(/vx11_trace.*/g))
    console.log(gateway.output().split('\n').filter((l) => /trace/.test(l)))
    expect(runtime).toBe(runtime)
  })
})
