/** What the gateway writes as an event stream, judged by a reader that knows nothing but the WHATWG standard. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SseBlock, sseBlock } from '../../src/lib/sse.ts'
import { anyText } from '../support/any-text.ts'
import { readEventStream } from '../support/conformance/event-stream.ts'
import { testApp } from '../support/test-app.ts'

const line = anyText().map((text) => text.toWellFormed().replaceAll(/[\r\n]/g, ''))
const text = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n', ''))).map((parts) => parts.flat().join(''))
const normal = (data: string) => data.replaceAll(/\r\n|\r/g, '\n')

const blocks: fc.Arbitrary<SseBlock> = fc.record(
  {
    data: text,
    event: fc.stringMatching(/^[a-z_.]{1,20}$/),
    id: fc.nat(),
    retryMs: fc.nat({ max: 60_000 }),
    comment: fc.stringMatching(/^[a-z ]{0,20}$/),
  },
  { requiredKeys: [] },
)

describe('a block', () => {
  it('is read as it was meant, whatever its data holds', () => {
    fc.assert(
      fc.property(fc.array(blocks, { maxLength: 5 }), (some) => {
        const reader = readEventStream(some.map(sseBlock).join(''))
        let id = ''
        const meant = some.flatMap((block) => {
          if (block.id !== undefined) id = String(block.id)
          if (block.data === undefined) return []
          return [{ type: block.event ?? 'message', data: normal(block.data), lastEventId: id }]
        })
        expect(reader.events).toEqual(meant)
        expect(reader.lastEventId).toBe(id)
        expect(reader.retryMs).toBe(some.findLast(({ retryMs }) => retryMs !== undefined)?.retryMs ?? null)
        expect(reader.comments).toEqual(some.flatMap(({ comment }) => comment ?? []))
      }),
    )
  })

  it('cannot be broken out of by what data says', () => {
    const hostile = 'x\n\ndata: forged\nid: 99\nevent: shutdown\nretry: 0\r\r:\r\n\r\n'
    const reader = readEventStream(sseBlock({ id: 1, data: hostile }))
    expect(reader.events).toEqual([{ type: 'message', data: normal(hostile), lastEventId: '1' }])
    expect(reader.retryMs).toBeNull()
  })
})

describe('the stream of events', () => {
  it('is read as what was stored, with hostile words in it', async () => {
    const { authorized, deps } = testApp()
    const words = ['a\nb', 'a\r\n\r\ndata: x', '\u2028\u0000\ufeff', 'é✓𝄞', '"\\']
    const told = words.map((summary) => ({
      ...{ source: 'madre', type: 'system.alert', severity: 'info' as const, module: null, correlationId: null },
      ...{ summary, payload: { summary } },
    }))
    await deps.events.append(told)
    const response = await authorized('/operator/api/events/stream?last_event_id=0')
    expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
    const reader = readEventStream(await read(response, words.length))
    expect(reader.retryMs).toBeGreaterThan(0)
    expect(reader.events.map(({ lastEventId }) => lastEventId)).toEqual(['1', '2', '3', '4', '5'])
    expect(reader.events.map(({ type, data }) => [type, JSON.parse(data).events[0].summary])).toEqual(
      words.map((summary) => ['message', summary]),
    )
  })

  /** So many blocks with data, and no more is waited for. */
  async function read(response: Response, count: number): Promise<string> {
    const decoder = new TextDecoder()
    let all = ''
    for await (const chunk of response.body ?? []) {
      all += decoder.decode(chunk, { stream: true })
      if (all.split('\ndata: ').length > count) break
    }
    return all
  }
})
