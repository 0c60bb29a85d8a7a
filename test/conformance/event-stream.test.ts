/** The examples and rules of the WHATWG standard for event streams, held by the reader that judges the gateway's own. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyText } from '../support/any-text.ts'
import { EventStreamReader, readEventStream } from '../support/conformance/event-stream.ts'

const message = (data: string, lastEventId = '') => ({ type: 'message', data, lastEventId })

const examples: [what: string, stream: string, events: unknown[]][] = [
  ['one of several lines', 'data: YHOO\ndata: +2\ndata: 10\n\n', [message('YHOO\n+2\n10')]],
  [
    'comments, ids, an id that is taken back, and an end without a blank line',
    ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n',
    [message('first event', '1'), message('second event')],
  ],
  ['empty data, and two empty lines of it', 'data\n\ndata\ndata\n\ndata:', [message(''), message('\n')]],
  [
    'a blank behind the colon, which is dropped once',
    'data:test\n\ndata: test\n\ndata:  test\n\n',
    [message('test'), message('test'), message(' test')],
  ],
  [
    'names',
    'event: add\ndata: 1\n\nevent: remove\ndata: 2\n\ndata: 3\n\n',
    [{ type: 'add', data: '1', lastEventId: '' }, { type: 'remove', data: '2', lastEventId: '' }, message('3')],
  ],
  ['a name without data, which is forgotten', 'event: add\n\ndata: 1\n\n', [message('1')]],
  ['an empty name', 'event:\ndata: 1\n\n', [message('1')]],
  [
    'the last of two names and of two ids',
    'event: a\nevent: b\nid: 1\nid: 2\ndata: x\n\n',
    [{ type: 'b', data: 'x', lastEventId: '2' }],
  ],
  ['an id with NUL, which is none', 'id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n', [message('a', '1'), message('b', '1')]],
  ['an id that stays', 'id: 1\ndata: a\n\ndata: b\n\n', [message('a', '1'), message('b', '1')]],
  ['fields nobody knows, and other case', 'Data: a\nDATA: b\n data: c\nfoo: d\ndata: e\n\n', [message('e')]],
  ['a byte order mark at the beginning', '\ufeffdata: a\n\n', [message('a')]],
  ['a second one, which makes another field', '\ufeff\ufeffdata: a\n\ndata: b\n\n', [message('b')]],
  ['a byte order mark in data', 'data: \ufeffa\n\n', [message('\ufeffa')]],
  ['colons in data', 'data:a:b: c\n\n', [message('a:b: c')]],
  ['a tab behind the colon', 'data:\ta\n\n', [message('\ta')]],
  [
    'mixed line ends',
    'data: a\rdata: b\r\ndata: c\n\r\ndata: d\r\rdata: e\n\n',
    [message('a\nb\nc'), message('d'), message('e')],
  ],
  ['nothing', '', []],
  ['many blank lines', '\n\n\r\r\r\n\r\n', []],
]

describe('a reader of event streams', () => {
  it.each(examples)('reads %s', (_what, stream, events) => {
    expect(readEventStream(stream).events).toEqual(events)
  })

  it.each([
    ['retry: 100', 100],
    ['retry:0', 0],
    ['retry: 007', 7],
    ['retry: 1.5', null],
    ['retry: -1', null],
    ['retry: 1e3', null],
    ['retry: ٣', null],
    ['retry:', null],
    ['retry:  1', null],
  ])('takes "%s" for %s', (line, ms) => {
    expect(readEventStream(`${line}\n\n`).retryMs).toBe(ms)
  })

  it('keeps an id that came without data', () => {
    const reader = readEventStream('id: 7\n\n')
    expect([reader.events, reader.lastEventId]).toEqual([[], '7'])
  })

  it('keeps no id that no blank line followed', () => {
    expect(readEventStream('id: 7\ndata: a\n\nid: 8\ndata: b\n').lastEventId).toBe('7')
  })

  it('dispatches at the CR already, without waiting for a LF', () => {
    const reader = new EventStreamReader()
    reader.feed(new TextEncoder().encode('data: a\r\n\r'))
    expect(reader.events).toEqual([message('a')])
    reader.feed(new TextEncoder().encode('\ndata: b\n\n'))
    expect(reader.events).toEqual([message('a'), message('b')])
  })

  const lines = fc.oneof(
    fc.constantFrom('', 'data', 'data:', 'data: ', ':', 'id', 'id: 1', 'event: x', 'retry: 10', 'id: a\0b'),
    anyText().map((text) => text.replaceAll(/[\r\n]/g, '')),
    anyText().map((text) => `data: ${text.toWellFormed().replaceAll(/[\r\n]/g, '')}`),
  )
  const ends = fc.constantFrom('\n', '\r', '\r\n')

  it('reads the same whatever ends its lines', () => {
    const stream = fc.array(fc.tuple(lines, ends), { maxLength: 20 })
    fc.assert(
      fc.property(stream, (parts) => {
        // A CR before an empty line that ends with LF would be one line end.
        const text = parts.map(([line, end], i) => line + (end === '\r' && !parts[i + 1]?.[0] ? '\r\n' : end)).join('')
        const plain = parts.map(([line]) => `${line}\n`).join('')
        expect(readEventStream(text)).toMatchObject(outcome(readEventStream(plain)))
      }),
    )
  })

  it('reads the same in pieces of any size, within a character and between CR and LF', () => {
    const stream = fc.array(fc.tuple(lines, ends), { maxLength: 20 }).map((parts) => parts.flat().join(''))
    fc.assert(
      fc.property(stream, fc.array(fc.nat({ max: 7 }), { minLength: 1 }), (text, sizes) => {
        const bytes = new TextEncoder().encode(text)
        const reader = new EventStreamReader()
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = 1 + (sizes[i % sizes.length] ?? 0)
          reader.feed(bytes.subarray(at, at + size))
          at += size
        }
        reader.end()
        expect(outcome(reader)).toEqual(outcome(readEventStream(text)))
      }),
    )
  })
})

const outcome = ({ events, comments, lastEventId, retryMs }: EventStreamReader) => ({
  events,
  comments,
  lastEventId,
  retryMs,
})
