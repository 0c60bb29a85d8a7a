/** Short bodies go out with their header: to the byte what was given, whatever the bytes and however they are framed. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CompactResponse } from '../../../src/entry/node/http/compact-response.ts'

let answer: (response: ServerResponse) => void
const server = createServer({ ServerResponse: CompactResponse }, (_request, response) => answer(response))
let url: string

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte)

describe('a body', () => {
  it.each([
    ['with every byte there is', everyByte],
    ['that is a part of a larger buffer', everyByte.subarray(100, 200)],
    ['of nothing', new Uint8Array()],
    ['as long as a short one may be', randomBytes(8192)],
    ['longer than that', randomBytes(8193)],
  ])('%s arrives as it is', async (_, body) => {
    for (const fields of [{ 'content-length': body.byteLength }, {}]) {
      answer = (response) => response.writeHead(200, fields).end(body)
      const response = await fetch(url)
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array(body))
    }
  })

  it('after pieces is the last of them', async () => {
    answer = (response) => {
      response.writeHead(200)
      response.write('é')
      response.end(everyByte)
    }
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer())
    expect(bytes).toEqual(Uint8Array.from([0xc3, 0xa9, ...everyByte]))
  })

  it('is not sent to HEAD', async () => {
    answer = (response) => response.writeHead(200, { 'content-length': 256 }).end(everyByte)
    const response = await fetch(url, { method: 'HEAD' })
    expect(response.headers.get('content-length')).toBe('256')
    expect(await response.text()).toBe('')
  })

  it.each([
    ['text', (response: ServerResponse) => response.end('né')],
    ['text in an encoding', (response: ServerResponse) => response.end('6ec3a9', 'hex')],
    ['bytes and a callback', (response: ServerResponse) => response.end(Buffer.from('né'), () => {})],
    ['bytes before a header was written', (response: ServerResponse) => response.end(Buffer.from('né'))],
  ])('%s stays what it is', async (_, end) => {
    answer = end
    expect(await (await fetch(url)).text()).toBe('né')
  })
})

describe('a field beyond ASCII', () => {
  const field = '\xe9\xff'
  it.each([
    ['that goes out before its body', (response: ServerResponse) => void response.flushHeaders()],
    ['with its body', () => {}],
  ])('%s arrives as it is', async (_, flush) => {
    answer = (response) => {
      response.writeHead(200, { 'x-field': field })
      flush(response)
      response.end(everyByte)
    }
    const response = await fetch(url)
    expect(response.headers.get('x-field')).toBe(field)
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(everyByte)
  })

  it('goes out at once, and to HEAD', async () => {
    answer = (response) => {
      response.writeHead(200, { 'x-field': field, 'content-length': 1 })
      response.flushHeaders()
      if (response.req.method === 'HEAD') response.end()
    }
    const head = await fetch(url, { method: 'HEAD' })
    expect(head.headers.get('x-field')).toBe(field)
    const early = await fetch(url)
    expect(early.headers.get('x-field')).toBe(field)
    await early.body?.cancel()
  })
})
