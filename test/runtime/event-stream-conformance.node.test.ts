/** The streams of the real Node server and the real Worker, byte by byte, judged by the WHATWG standard. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EventStreamReader } from '../support/conformance/event-stream.ts'
import { type Gateway, runtimes } from '../support/gateways.ts'

const words = ['plain', 'a\nb', 'a\r\n\r\ndata: forged\nid: 7', '\u2028 \ufeff', 'é✓𝄞', '"\\']

describe.each(runtimes)('the event stream on %s', (_runtime, startGateway) => {
  let gateway: Gateway
  let first: number

  beforeAll(async () => {
    gateway = await startGateway({})
    first = (await tell(words[0] ?? '')).stream_id
    for (const word of words.slice(1)) await tell(word)
  })
  afterAll(() => gateway?.stop())

  async function tell(message: string) {
    const payload = { alert_id: 'a', severity: 'L1', message }
    const response = await gateway.fetch('/events/ingest', {
      method: 'POST',
      body: JSON.stringify({ source: 'madre', type: 'system.alert', payload }),
    })
    return (await response.json()) as { stream_id: number }
  }

  it.each([
    ['/operator/api/events/stream', {}],
    ['/operator/api/events?follow=true', {}],
    ['/operator/api/events', { accept: 'text/event-stream' }],
  ])('at %s says retry and ids, and carries each message unharmed', async (path, headers) => {
    const response = await gateway.fetch(path, { headers: { ...headers, 'last-event-id': String(first - 1) } })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream(;|$)/)
    expect(response.headers.get('cache-control')).toContain('no-cache')
    const reader = await readUntil(response, ({ events }) => events.length >= words.length)
    expect(reader.retryMs).toBeGreaterThan(0)
    expect(reader.events.map(({ type, lastEventId }) => [type, lastEventId])).toEqual(
      words.map((_, i) => ['message', String(first + i)]),
    )
    expect(reader.events.map(({ data }) => JSON.parse(data).events[0].payload.message)).toEqual(words)
  })

  it('answers HEAD with the same headers and nothing else', async () => {
    const response = await gateway.fetch('/operator/api/events/stream', { method: 'HEAD' })
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(await response.text()).toBe('')
  })
})

/** Byte by byte, so that no boundary of the network's pieces matters. */
async function readUntil(
  response: Response,
  enough: (reader: EventStreamReader) => boolean,
): Promise<EventStreamReader> {
  const reader = new EventStreamReader()
  for await (const chunk of response.body ?? []) {
    for (const byte of chunk) reader.feed(Uint8Array.of(byte))
    if (enough(reader)) break
  }
  return reader
}
