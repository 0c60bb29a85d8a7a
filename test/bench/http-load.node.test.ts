import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addressOf, drive, type Load, newAnswer, takeBytes } from '../../bench/load/http.ts'

describe('takeBytes', () => {
  const whole = (...pieces: string[]) => {
    const answer = newAnswer()
    return [pieces.map((piece) => takeBytes(answer, Buffer.from(piece))), answer.status]
  }

  it('knows the end of an answer that tells its length, wherever it is cut', () => {
    expect(whole('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello')).toEqual([[true], 200])
    expect(whole('HTTP/1.1 4', '29 No\r\nContent-Length: 5\r\n\r', '\nhel', 'lo')).toEqual([
      [false, false, false, true],
      429,
    ])
    expect(whole('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')).toEqual([[true], 200])
  })

  it('knows the end of one that comes in chunks', () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
    expect(whole(`${head}5\r\nhello\r\n0\r\n\r\n`)).toEqual([[true], 200])
    expect(whole(head, '5\r\nhello\r\n0\r', '\n\r', '\n')).toEqual([[false, false, false, true], 200])
    expect(whole(head, '0\r\n\r\n')).toEqual([[false, true], 200])
  })

  it('refuses one that tells neither', () => {
    expect(() => whole('HTTP/1.1 200 OK\r\n\r\n')).toThrow('without a length')
  })
})

describe('drive', () => {
  let answer: RequestListener = (_request, response) => response.end('ok')
  const seen: { address: string | undefined; bytes: number }[] = []
  const server = createServer((request, response) => {
    let bytes = 0
    request.on('data', (chunk) => {
      bytes += chunk.length
    })
    request.on('end', () => {
      seen.push({ address: request.headers['x-forwarded-for'] as string | undefined, bytes })
      answer(request, response)
    })
  })
  let load: Load
  beforeAll(async () => {
    await once(server.listen(0, '127.0.0.1'), 'listening')
    load = {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      ...{ method: 'GET', headers: {}, bodyBytes: 0, newAddresses: false, connections: 3, seconds: 0.1 },
      perSecond: null,
    }
  })
  afterAll(() => void server.close())

  it('counts what was answered and what was refused', async () => {
    let n = 0
    answer = (_request, response) => response.writeHead(n++ % 2 ? 200 : 503).end('x')
    const { requests, refused, broken, p50Ms, maxMs } = await drive(load)
    expect(requests).toBe(n)
    expect(refused).toBe(Math.ceil(n / 2))
    expect(broken).toBe(0)
    expect(maxMs).toBeGreaterThanOrEqual(p50Ms)
  })

  it('sends as many as are due at a rate, each with its body and a new address', async () => {
    seen.length = 0
    answer = (_request, response) => response.end('ok')
    const rated = { ...load, method: 'POST', bodyBytes: 1000, newAddresses: true, perSecond: 200 } as const
    expect(await drive(rated)).toMatchObject({ requests: 20, refused: 0, broken: 0 })
    expect(new Set(seen.map(({ address }) => address)).size).toBe(20)
    expect(new Set(seen.map(({ bytes }) => bytes))).toEqual(new Set([1000]))
  })

  it('goes on over a new connection where the server closes after its answer', async () => {
    answer = (_request, response) => response.writeHead(200, { connection: 'close' }).end('ok')
    const { requests, broken } = await drive({ ...load, perSecond: 200 })
    expect(requests).toBe(20)
    expect(broken).toBe(0)
  })

  it('counts answers that break off', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('part')
      setImmediate(() => response.destroy())
    }
    const { requests, broken } = await drive({ ...load, connections: 1, perSecond: 50 })
    expect(requests).toBe(0)
    expect(broken).toBe(5)
  })

  it('has no figures where nothing was answered', async () => {
    const { p50Ms } = await drive({ ...load, perSecond: 1, seconds: 0.01 })
    expect(p50Ms).toBeNaN()
  })

  it('gives every request an address of its own', () => {
    expect([addressOf(0), addressOf(256), addressOf(70_000)]).toEqual(['10.0.0.0', '10.0.1.0', '10.1.17.112'])
  })
})
