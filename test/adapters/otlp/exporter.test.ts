/** The queue of spans and its sender: batches, bounds, retries, and an end within its time. */
import { describe, expect, it } from 'vitest'
import { envelope } from '../../../src/adapters/otlp/encode.ts'
import { spanExporter } from '../../../src/adapters/otlp/exporter.ts'
import { TransportError } from '../../../src/errors/gateway-error.ts'
import type { FinishedSpan } from '../../../src/modules/tracing/span.ts'
import type { LogFields, Transport, UpstreamAnswer } from '../../../src/ports/index.ts'
import { fakeClock } from '../../support/fake-clock.ts'

const span = (name = 'GET', attributes: FinishedSpan['attributes'] = {}): FinishedSpan => ({
  ...{ traceId: '1'.repeat(32), spanId: '2'.repeat(16), parentId: null, tracestate: undefined },
  ...{ name, kind: 'server', startedAt: 1.5, endedAt: 2.25, attributes, failed: false },
})

type Reply = UpstreamAnswer | TransportError | 'hang'
const reply = (status: number, headers = {}, body: string | null = null): UpstreamAnswer => ({
  status,
  headers,
  body: body === null ? null : new TextEncoder().encode(body),
})
const taken = reply(200, {}, '{}')

function exporting(replies: Reply[] = [], options: { maxWaiting?: number } = {}) {
  const clock = fakeClock()
  const sent: { at: number; spans: { name: string }[] }[] = []
  const lines: (string | LogFields)[][] = []
  const note = (event: string, fields?: LogFields) => void lines.push(fields ? [event, fields] : [event])
  const transport: Transport = async (_url, { body, limits }) => {
    const { resourceSpans } = JSON.parse(new TextDecoder().decode(body as Uint8Array))
    sent.push({ at: clock.monotonic(), spans: resourceSpans[0].scopeSpans[0].spans })
    const next = replies.shift() ?? taken
    if (next === 'hang') {
      await clock.sleep(limits.firstByteMs)
      throw new TransportError('timeout')
    }
    if (next instanceof TransportError) throw next
    return next
  }
  const exporter = spanExporter({
    clock,
    random: { fraction: () => 1 },
    log: { debug: note, info: note, warn: note, error: note },
    transport,
    background: () => {},
    collector: { url: 'http://collector.test/v1/traces', headers: {}, timeoutMs: 10_000, compress: false },
    envelope: envelope({ 'service.name': 'test' }, { name: 'test', version: '1' }),
    delayMs: 5000,
    maxWaiting: options.maxWaiting ?? 2048,
    batchTimeMs: 60_000,
  })
  return { clock, exporter, sent, lines }
}

describe('batches', () => {
  it('go after the delay, all that waits together', async () => {
    const { clock, exporter, sent, lines } = exporting()
    exporter.record(span('a'))
    await clock.advance(4999)
    exporter.record(span('b'))
    expect(sent).toEqual([])
    await clock.advance(1)
    expect(sent.map(({ spans }) => spans.map(({ name }) => name))).toEqual([['a', 'b']])
    expect([exporter.counts(), lines]).toEqual([{ exported: 2, dropped: {}, waiting: 0 }, []])
  })

  it('go at once when one is full, in number or in length', async () => {
    const { exporter, sent } = exporting()
    for (let count = 0; count < 512; count++) exporter.record(span())
    await expect.poll(() => sent.map(({ spans }) => spans.length)).toEqual([512])
    const large = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`k${index}`, 'x'.repeat(5000)]))
    for (let count = 0; count < 9; count++) exporter.record(span('large', large))
    await expect.poll(() => sent.length).toBeGreaterThan(1)
    // A value is cut at 1024 characters.
    expect(JSON.stringify(sent.at(-1)?.spans[0]).length).toBeLessThan(80_000)
  })

  it('begin anew with the next span', async () => {
    const { clock, exporter, sent } = exporting()
    exporter.record(span())
    await clock.advance(5000)
    exporter.record(span())
    await clock.advance(5000)
    expect(sent).toHaveLength(2)
  })
})

describe('the queue', () => {
  it('is bounded in number, and counts what it has no room for', async () => {
    const { clock, exporter } = exporting(['hang'], { maxWaiting: 3 })
    for (let count = 0; count < 5; count++) exporter.record(span())
    expect(exporter.counts()).toMatchObject({ waiting: 3, dropped: { queue_full: 2 } })
    await clock.advance(5000)
    // The batch that is being sent is no longer in the queue.
    for (let count = 0; count < 5; count++) exporter.record(span())
    expect(exporter.counts()).toMatchObject({ waiting: 6, dropped: { queue_full: 4 } })
  })

  it('is bounded in length', () => {
    const { exporter } = exporting(
      Array.from({ length: 50 }, () => 'hang' as const),
      { maxWaiting: 65_536 },
    )
    const large = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`k${index}`, 'x'.repeat(1024)]))
    for (let count = 0; count < 200; count++) exporter.record(span('large', large))
    const { waiting, dropped } = exporter.counts()
    expect(waiting).toBeLessThan(80)
    expect(waiting + (dropped.queue_full ?? 0)).toBe(200)
  })
})

describe('a collector that does not take a batch', () => {
  it('is asked again with growing pauses, and the batch is dropped after its time; that is one line', async () => {
    const away = () => new TransportError('unreachable')
    const { clock, exporter, sent, lines } = exporting(Array.from({ length: 20 }, away))
    exporter.record(span())
    await clock.advance(65_000)
    expect(sent.map(({ at }) => at)).toEqual([5000, 6000, 8000, 12_000, 20_000, 36_000])
    expect(exporter.counts()).toEqual({ exported: 0, dropped: { not_delivered: 1 }, waiting: 0 })
    exporter.record(span())
    await clock.advance(65_000)
    expect(lines).toEqual([['traces_not_exported', { reason: 'unreachable' }]])
  })

  it('is known to be back, with the number of spans that are missing', async () => {
    const { clock, exporter, lines } = exporting([reply(400), reply(400), taken])
    for (let round = 0; round < 3; round++) {
      exporter.record(span())
      await clock.advance(5000)
    }
    expect(lines).toEqual([
      ['traces_not_exported', { reason: 'status_400' }],
      ['traces_exported_again', { count: 2 }],
    ])
    expect(exporter.counts()).toEqual({ exported: 1, dropped: { refused: 2 }, waiting: 0 })
  })

  it('says itself when to come again', async () => {
    const { clock, exporter, sent } = exporting([reply(429, { 'retry-after': '20' }), taken])
    exporter.record(span())
    await clock.advance(60_000)
    expect(sent.map(({ at }) => at)).toEqual([5000, 25_000])
    expect(exporter.counts().exported).toBe(1)
  })

  it('that wants a day is not waited for', async () => {
    const { clock, exporter, sent } = exporting([reply(503, { 'retry-after': '86400' })])
    exporter.record(span())
    await clock.advance(60_000)
    expect([sent.length, exporter.counts().dropped]).toEqual([1, { not_delivered: 1 }])
  })

  it('that hangs is given up and asked again', async () => {
    const { clock, exporter, sent } = exporting(['hang', taken])
    exporter.record(span())
    await clock.advance(30_000)
    expect(sent.map(({ at }) => at)).toEqual([5000, 16_000])
    expect(exporter.counts().exported).toBe(1)
  })

  it('whose answer drips for ever is given up', async () => {
    const endless = { ...taken, body: new ReadableStream<Uint8Array>() }
    const { clock, exporter, sent } = exporting([endless, taken])
    exporter.record(span())
    await clock.advance(30_000)
    expect(sent).toHaveLength(2)
  })

  it('may take a part', async () => {
    const partly = reply(200, {}, '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}')
    const { clock, exporter, lines } = exporting([partly])
    for (let count = 0; count < 3; count++) exporter.record(span())
    await clock.advance(5000)
    expect(exporter.counts()).toEqual({ exported: 2, dropped: { refused: 1 }, waiting: 0 })
    expect(lines).toEqual([['traces_not_exported', { reason: 'partly_rejected' }]])
  })
})

describe('work that its runtime ended without a word', () => {
  it('is given up, and the next span begins anew', async () => {
    const { clock, exporter } = exporting()
    const never = new Promise<never>(() => {})
    const { sleep } = clock
    clock.sleep = () => never
    exporter.record(span())
    clock.sleep = sleep
    await clock.advance(11_000)
    exporter.record(span())
    await clock.advance(5000)
    expect(exporter.counts()).toMatchObject({ exported: 2, waiting: 0 })
  })
})

describe('the end', () => {
  it('sends what waits, and what waits for its next try', async () => {
    const { clock, exporter, sent } = exporting([reply(429, { 'retry-after': '25' }), taken])
    exporter.record(span('paused'))
    await clock.advance(5000)
    exporter.record(span('waiting'))
    await exporter.close(3000)
    expect(sent.at(-1)?.spans.map(({ name }) => name)).toEqual(['paused', 'waiting'])
    expect(exporter.counts()).toEqual({ exported: 2, dropped: {}, waiting: 0 })
    await clock.advance(60_000)
    expect(sent).toHaveLength(2)
  })

  it('comes in its time whatever the collector does, and counts what is lost', async () => {
    const { clock, exporter, lines } = exporting(['hang', 'hang', 'hang'])
    exporter.record(span())
    await clock.advance(5000)
    exporter.record(span())
    const startedAt = clock.monotonic()
    const closed = exporter.close(3000).then(() => clock.monotonic() - startedAt)
    await clock.advance(20_000)
    expect(await closed).toBeLessThanOrEqual(3000)
    expect(exporter.counts()).toEqual({ exported: 0, dropped: { shutdown: 2 }, waiting: 0 })
    expect(lines).toEqual([['traces_lost', expect.objectContaining({ count: 2 })]])
  })

  it('takes no time where there is none', async () => {
    const { exporter, sent } = exporting()
    exporter.record(span())
    await exporter.close(0)
    expect([sent.length, exporter.counts().dropped]).toEqual([0, { shutdown: 1 }])
  })
})

describe('a span in the protocol', () => {
  it('has its times in nanoseconds, its numbers by kind, and no value that is absent', async () => {
    const { clock, exporter, sent } = exporting()
    const attributes = { text: 'x', whole: 7, part: 0.5, yes: true, list: ['a'], none: undefined, nil: null }
    exporter.record({ ...span('GET', attributes), parentId: '3'.repeat(16), tracestate: 'v=1', failed: true })
    await clock.advance(5000)
    expect(sent[0]?.spans[0]).toEqual({
      traceId: '1'.repeat(32),
      spanId: '2'.repeat(16),
      traceState: 'v=1',
      parentSpanId: '3'.repeat(16),
      name: 'GET',
      kind: 2,
      startTimeUnixNano: '1500000',
      endTimeUnixNano: '2250000',
      attributes: [
        { key: 'text', value: { stringValue: 'x' } },
        { key: 'whole', value: { intValue: '7' } },
        { key: 'part', value: { doubleValue: 0.5 } },
        { key: 'yes', value: { boolValue: true } },
        { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }] } } },
      ],
      status: { code: 2 },
    })
  })
})
