/** Callers that neither send nor read, requests that follow each other, and what an ignored Upgrade leaves behind. */
import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createStrictServer } from '../../../src/entry/node/http/strict-server.ts'
import { headerOf, openSocket, sendRaw } from '../../support/raw-http.ts'

const limits = { bodyMs: 150, bodyBytes: 100, readerMs: 150, readerBytes: 1000, checkEveryMs: 20 }
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

type Handle = (request: IncomingMessage, response: ServerResponse) => void

async function serve(handle: Handle) {
  const stalls: string[] = []
  let discarded = 0
  const server = createStrictServer({ progress: limits, shouldUpgradeCallback: () => false }, handle)
  servers.push(server.on('stalled', (stall) => stalls.push(stall)))
  server.on('discarded', (bytes) => {
    discarded += bytes
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stalls, discarded: () => discarded }
}

const readAll: Handle = (request, response) => {
  let body = ''
  request.on('data', (bytes) => {
    body += bytes
  })
  request.on('end', () => response.end(body)).on('error', () => {})
}

/** Errors before it are what some of these callers earn. */
const closeOf = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve))

const chunkedHead = 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'

describe('a body', () => {
  it.each([
    ['silence', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\nbegin', ''],
    ['a drip of bytes', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n', 'x'],
    ['a drip of chunks', chunkedHead, '1\r\nx\r\n'],
    ['a drip in a size with extensions', `${chunkedHead}5;a=`, 'b'],
    ['a drip of trailers', `${chunkedHead}5\r\nhello\r\n0\r\n`, 'a: b\r\n'],
  ])('of which there is only %s is answered with 408 and a closed connection', async (_name, head, drip) => {
    const { url, stalls } = await serve(readAll)
    const socket = openSocket(url)
    const received: Buffer[] = []
    socket.on('data', (bytes) => received.push(bytes))
    socket.write(head)
    const dripping = setInterval(() => drip && !socket.destroyed && socket.write(drip), 30)
    await closeOf(socket)
    clearInterval(dripping)
    expect(String(Buffer.concat(received))).toMatch(/^HTTP\/1\.1 408 /)
    expect(stalls).toEqual(['slow_body'])
  })

  it('that its reader holds back is not late', async () => {
    const { url, stalls } = await serve((request, response) => {
      setTimeout(() => readAll(request, response), limits.bodyMs * 3)
    })
    const body = 'x'.repeat(200_000)
    const head = `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n`
    const { answers } = await sendRaw(url, head + body, { method: 'POST' })
    expect([answers[0]?.status, answers[0]?.body.length, stalls]).toEqual([200, body.length, []])
  })
})

describe('an answer', () => {
  it('that nobody reads ends with its connection', async () => {
    let closed = false
    const { url, stalls } = await serve((_request, response) => {
      response.on('close', () => {
        closed = true
      })
      const fill = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) {}
      }
      response.on('drain', fill)
      fill()
    })
    const socket = openSocket(url)
    socket.pause()
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await expect.poll(() => closed).toBe(true)
    expect(stalls).toEqual(['slow_reader'])
    socket.destroy()
  })

  it('that waits for its upstream is nobody’s fault', async () => {
    const { url, stalls } = await serve((_request, response) => {
      setTimeout(() => response.end('late'), limits.readerMs * 3)
    })
    const { answers } = await sendRaw(url, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect([String(answers[0]?.body), stalls]).toEqual(['late', []])
  })
})

describe('pipelined requests', () => {
  it('are handled one after the other', async () => {
    const order: string[] = []
    const { url } = await serve((request, response) => {
      order.push(`begin ${request.method}`)
      readAll(request, { end: (body: string) => setTimeout(() => answer(body), 30) } as never)
      const answer = (body: string) => {
        order.push(`end ${request.method}`)
        response.end(body)
      }
    })
    const put = 'PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello'
    const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
    const { answers } = await sendRaw(url, put + get + put, { answers: 3 })
    expect(answers.map(({ body }) => String(body))).toEqual(['hello', '', 'hello'])
    expect(order).toEqual(['begin PUT', 'end PUT', 'begin GET', 'end GET', 'begin PUT', 'end PUT'])
  })

  it('are read up to a number, and the last answer says that it is the last', async () => {
    let handled = 0
    const { url } = await serve((_request, response) => {
      handled++
      setTimeout(() => response.end('ok'), 1)
    })
    const { answers, end } = await sendRaw(url, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(2000), { answers: 2000 })
    expect(end).toBe('closed')
    expect(handled).toBe(answers.length)
    expect(handled).toBeLessThan(50)
    expect(answers.map((answer) => headerOf(answer, 'connection')).lastIndexOf('close')).toBe(answers.length - 1)
  })
})

describe('an Upgrade that is ignored', () => {
  it.each([
    ['GET', ''],
    ['POST', 'Content-Length: 5\r\n'],
  ])('ends the connection after the answer to a %s', async (method, length) => {
    const seen: string[] = []
    const { url } = await serve((request, response) => {
      seen.push(`${request.method} ${request.url}`)
      readAll(request, response)
    })
    const upgrade = `${method} /first HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n${length}\r\n`
    const socket = openSocket(url)
    const received: Buffer[] = []
    socket.on('data', (bytes) => received.push(bytes))
    socket.write(upgrade + (length && 'hello'))
    await once(socket, 'data')
    socket.write('GET /SMUGGLED HTTP/1.1\r\nHost: a\r\n\r\n')
    await closeOf(socket)
    expect(seen).toEqual([`${method} /first`])
    expect(String(Buffer.concat(received)).toLowerCase()).toContain('connection: close')
  })

  const head = 'POST / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nTransfer-Encoding: chunked\r\n\r\n'

  it.each([
    ['malformed', 'zz\r\n'],
    ['late', '5\r\nhel'],
  ])('leaves no connection behind whose body is %s', async (_what, body) => {
    const { url } = await serve(readAll)
    const { answers, end } = await sendRaw(url, head + body)
    expect([answers.map((answer) => answer.status), end]).toEqual([[408], 'closed'])
  })

  it('has one answer, whatever comes behind it', async () => {
    const { url } = await serve(readAll)
    const { answers, end } = await sendRaw(url, `${head}5\r\nhello\r\n0\r\n\r\n\0garbage\r\n\r\n`)
    expect([answers.map((answer) => [answer.status, String(answer.body)]), end]).toEqual([[[200, 'hello']], 'closed'])
  })
})

describe('a body that is not wanted', () => {
  it('is read and counted after its answer, and its connection goes on', async () => {
    const { url, discarded } = await serve((request, response) =>
      request.method === 'POST' ? response.writeHead(413).end('too much') : response.end('next'),
    )
    const socket = openSocket(url)
    const size = 4 * 2 ** 20
    socket.write(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`)
    expect(String((await once(socket, 'data'))[0])).toContain('too much')
    socket.write(Buffer.alloc(size))
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect(String((await once(socket, 'data'))[0])).toContain('next')
    expect(discarded()).toBe(size)
    socket.destroy()
  })
})

describe('a Host', () => {
  it.each(['[8:1]', '[::1]:99999', 'a:99999', '1.2.3.999', 'a%b', '%00'])(
    'that is no URL’s is refused: %s',
    async (host) => {
      let asked = 0
      const { url } = await serve((_request, response) => {
        asked++
        response.end()
      })
      const { answers } = await sendRaw(url, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
      expect([answers.map(({ status }) => status), asked]).toEqual([[400], 0])
      expect(String(answers[0]?.body)).toContain('"error":"bad_request"')
    },
  )

  it.each([
    ...['a', 'A.b:80', '[::1]:8080', '1.2.3.4', 'a_b', 'under~score'].map((host) => [host, host]),
    ['a:', 'a'],
    ['[::1]:', '[::1]'],
    ['[0:0::1]:90', '[::1]:90'],
    ['127.1', '127.0.0.1'],
    ['ex%61mple', 'example'],
  ])('may be %s, and is handed on as %s', async (host, handed) => {
    const { url } = await serve(({ headers }, response) => response.end(headers.host))
    const { answers } = await sendRaw(url, `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    expect(answers.map(({ status, body }) => [status, String(body)])).toEqual([[200, handed]])
  })
})

describe('a target beyond ASCII', () => {
  it.each(['/caf\xc3\xa9', '/a?\xff'])('is refused by its reason: %j', async (target) => {
    const { url } = await serve((_request, response) => response.end())
    const { answers } = await sendRaw(url, `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`)
    expect(answers.map(({ status }) => status)).toEqual([400])
    expect(String(answers[0]?.body)).toContain('"error":"bad_request_target"')
  })
})
