import { describe, expect, it } from 'vitest'
import { clientAddress } from '../../src/lib/client-address.ts'
import { parseJson, parseObject } from '../../src/lib/json-text.ts'
import { limitBytes } from '../../src/lib/limit-bytes.ts'
import { mapLimit } from '../../src/lib/map-limit.ts'
import { sampleWindow } from '../../src/lib/percentile.ts'
import { readBytes, readJson } from '../../src/lib/read-body.ts'
import { targetOfUrl } from '../../src/lib/target-of-url.ts'
import { withTimeout } from '../../src/lib/with-timeout.ts'
import { fakeClock } from '../support/fake-clock.ts'

describe('clientAddress', () => {
  it.each([
    ['no trusted hop', '10.0.0.1', '1.1.1.1, 2.2.2.2', 0, '10.0.0.1'],
    ['one hop', '10.0.0.1', '1.1.1.1, 2.2.2.2', 1, '2.2.2.2'],
    ['two hops', '10.0.0.1', '1.1.1.1, 2.2.2.2', 2, '1.1.1.1'],
    ['more hops than entries', '10.0.0.1', '1.1.1.1', 5, '1.1.1.1'],
    ['no header', '10.0.0.1', undefined, 1, '10.0.0.1'],
    ['an empty entry', '10.0.0.1', ' , ', 1, '10.0.0.1'],
    ['an absurd entry', '10.0.0.1', 'x'.repeat(65), 1, '10.0.0.1'],
    ['a name', '10.0.0.1', 'unknown', 1, '10.0.0.1'],
    ['a port', '::ffff:10.0.0.1', '1.1.1.1:4711', 1, '1.1.1.1'],
    ['a mapped socket', '::ffff:10.0.0.1', undefined, 0, '10.0.0.1'],
    ['brackets and a port', '10.0.0.1', '[2001:DB8::1]:443', 1, '2001:db8:0:0:0:0:0:1'],
  ])('with %s', (_name, socket, header, hops, expected) => {
    expect(clientAddress(socket, header, hops)).toBe(expected)
  })
})

describe('targetOfUrl', () => {
  it.each([
    ['http://h/a/../b?c#d', '/a/../b?c#d'],
    ['https://h:1', '/'],
    ['http://h/%2e%2e/x', '/%2e%2e/x'],
  ])('cuts %s', (url, target) => expect(targetOfUrl(url)).toBe(target))
})

describe('text that may be no JSON', () => {
  it('is told from JSON, null among it', () => {
    expect(['{"a":1}', 'null', '', '{a}'].map((text) => parseJson(text))).toEqual([
      { a: 1 },
      null,
      undefined,
      undefined,
    ])
  })

  it('is an empty object where it is none', () => {
    expect(['{"a":1}', '[1]', 'null', '{a}', null].map(parseObject)).toEqual([{ a: 1 }, {}, {}, {}, {}])
  })
})

describe('readBytes and readJson', () => {
  const stream = (...chunks: string[]) =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
        controller.close()
      },
    })

  it('reads up to the limit and no further', async () => {
    expect(await readBytes(stream('ab', 'cd'), 4)).toEqual(new TextEncoder().encode('abcd'))
    expect(await readBytes(stream('ab', 'cde'), 4)).toBeNull()
    expect(await readBytes(new Uint8Array(5), 4)).toBeNull()
    expect(await readBytes(null, 0)).toEqual(new Uint8Array())
  })

  it('stops a body that never ends', async () => {
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: () => {
        cancelled = true
      },
    })
    expect(await readBytes(endless, 100)).toBeNull()
    expect(cancelled).toBe(true)
  })

  it('gives undefined for what is no JSON', async () => {
    expect(await readJson(stream('{"a":', '1}'), 100)).toEqual({ a: 1 })
    for (const text of ['', '{', 'Internal Server Error']) expect(await readJson(stream(text), 100)).toBeUndefined()
    expect(await readJson(new Uint8Array([0x22, 0xff, 0x22]), 100)).toBeUndefined()
    expect(await readJson(stream('"too long"'), 3)).toBeUndefined()
  })
})

describe('limitBytes', () => {
  const send = (limit: number, text: string) =>
    new Response(new Response(text).body?.pipeThrough(limitBytes(limit, () => new Error('too many')))).text()

  it('passes the limit and fails beyond it', async () => {
    expect(await send(4, 'abcd')).toBe('abcd')
    await expect(send(4, 'abcde')).rejects.toThrow()
  })
})

describe('mapLimit', () => {
  it('keeps the order and never runs more than the limit at once', async () => {
    let running = 0
    let max = 0
    const doubled = await mapLimit([1, 2, 3, 4, 5], 2, async (n) => {
      max = Math.max(max, ++running)
      await Promise.resolve()
      running--
      return n * 2
    })
    expect(doubled).toEqual([2, 4, 6, 8, 10])
    expect(max).toBe(2)
  })
})

describe('sampleWindow', () => {
  it('tells percentiles of the last samples, and null without any', () => {
    const window = sampleWindow(4)
    expect(window.percentile(50)).toBeNull()
    for (const sample of [100, 1, 2, 3, 4]) window.add(sample)
    expect([window.percentile(0), window.percentile(50), window.percentile(99), window.percentile(100)]).toEqual([
      1, 3, 4, 4,
    ])
  })
})

describe('within', () => {
  it('gives the result and leaves no timer', async () => {
    const clock = fakeClock()
    expect(await withTimeout(clock, 1000, Promise.resolve('done'), () => new Error('late'))).toBe('done')
    expect(clock.pendingSleeps()).toBe(0)
  })

  it('gives up in time, also when the work fails later', async () => {
    const clock = fakeClock()
    let fail: (error: Error) => void = () => {}
    const work = new Promise<never>((_, reject) => {
      fail = reject
    })
    const bounded = withTimeout(clock, 1000, work, () => new Error('late'))
    const outcome = expect(bounded).rejects.toThrow('late')
    await clock.advance(1000)
    await outcome
    fail(new Error('after the fact'))
    await expect(work).rejects.toThrow('after the fact')
  })
})
