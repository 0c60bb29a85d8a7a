/** Bodies that are sent back, made up and ticked out, piece by piece. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { runningShub } from './running.ts'

describe('streams', () => {
  it('sends a piece back before the next one has come', async () => {
    const { port } = await runningShub()
    const call = httpRequest({ port, method: 'POST', path: '/echo', headers: { 'content-type': 'audio/wav' } })
    const { promise, resolve } = Promise.withResolvers<IncomingMessage>()
    call.once('response', resolve)
    call.write('one ')
    const response = await promise
    expect(response.headers['content-type']).toBe('audio/wav')
    const pieces = response[Symbol.asyncIterator]()
    expect(String((await pieces.next()).value)).toBe('one ')
    call.end('two')
    expect(String((await pieces.next()).value)).toBe('two')
    expect((await pieces.next()).done).toBe(true)
  })

  it('keeps the length of a body that has one, and an empty one', async () => {
    const { url } = await runningShub()
    const response = await fetch(`${url}/echo`, { method: 'POST', body: 'x'.repeat(70_000) })
    expect(response.headers.get('content-length')).toBe('70000')
    expect(await response.text()).toHaveLength(70_000)
    expect(await (await fetch(`${url}/echo`)).text()).toBe('')
  })

  it('gives as many bytes as were asked for, in a pattern', async () => {
    const { url } = await runningShub()
    const read = async (n: number) => new Uint8Array(await (await fetch(`${url}/bytes?n=${n}`)).arrayBuffer())
    expect(await read(0)).toHaveLength(0)
    const bytes = await read(200_001)
    expect(bytes).toHaveLength(200_001)
    expect([bytes[0], bytes[255], bytes[256], bytes[65_536 + 7]]).toEqual([0, 255, 0, 7])
  })

  it.each(['', '?n=', '?n=-1', '?n=x'])('wants a number: /bytes%s is 422', async (query) => {
    const { url } = await runningShub()
    expect((await fetch(`${url}/bytes${query}`)).status).toBe(422)
  })

  it('ticks', async () => {
    const { url } = await runningShub()
    const response = await fetch(`${url}/sse?every=1&count=2`)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(await response.text()).toBe('id: 1\ndata: {"tick":1}\n\nid: 2\ndata: {"tick":2}\n\n')
  })

  it('stops ticking when the reader leaves', async () => {
    const simulator = await runningShub()
    const leaving = new AbortController()
    const response = await fetch(`${simulator.url}/sse?every=1`, { signal: leaving.signal })
    await response.body?.getReader().read()
    leaving.abort()
    await expect(simulator.requests[0]?.outcome).resolves.toBe('broken')
  })
})
