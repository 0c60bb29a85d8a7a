/** A real HTTP server that echoes, streams and misbehaves on demand; transports are proved against it. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, gzipSync } from 'node:zlib'

export interface Echo {
  method: string
  target: string
  /** Name and value by turns, as they came over the wire. */
  rawHeaders: string[]
  bodyBytes: number
  bodySha256: string
}

/** What became of the exchange that carried `?key=`. */
export interface Seen {
  arrived: boolean
  /** The caller went away before the answer was complete. */
  left: boolean
  bodyBytes: number
  /** Where the route reads the body. */
  upload?: 'whole' | 'broken off'
}

type Exchange = { request: IncomingMessage; response: ServerResponse; query: URLSearchParams; seen: Seen }
type Route = (exchange: Exchange) => unknown

export const plainText = 'the same text again and again. '.repeat(100)
const megabyte = Buffer.alloc(1_048_576, 'm')

async function read({ request, seen }: Exchange): Promise<{ bodyBytes: number; bodySha256: string }> {
  const hash = createHash('sha256')
  request.once('end', () => {
    seen.upload = 'whole'
  })
  // A request that was answered does not hear of it.
  request.socket.once('close', () => {
    seen.upload ??= 'broken off'
  })
  for await (const chunk of request as AsyncIterable<Buffer>) {
    hash.update(chunk)
    seen.bodyBytes += chunk.length
  }
  return { bodyBytes: seen.bodyBytes, bodySha256: hash.digest('hex') }
}

const json = (response: ServerResponse, value: unknown) => {
  const body = JSON.stringify(value)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
}

const compressed = (response: ServerResponse, encoding: string, bytes: Buffer) =>
  response.writeHead(200, { 'content-encoding': encoding, 'content-length': bytes.length }).end(bytes)

/** Writes past node:http, which would not let us misbehave. */
const raw = ({ request }: Exchange, text: string) => request.socket.write(text)

/** `bytes` of body, a megabyte at a time, as fast as the reader takes them. */
async function pour(response: ServerResponse, bytes: number) {
  for (let left = bytes; left > 0 && !response.destroyed; left -= megabyte.length) {
    const room = response.write(left < megabyte.length ? megabyte.subarray(0, left) : megabyte)
    if (!room) await roomOrEnd(response)
  }
  response.end()
}

const roomOrEnd = (response: ServerResponse) =>
  new Promise<void>((resolve) => {
    const done = () => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
  })

async function drip({ response, query }: Exchange) {
  const [count, gapMs] = [Number(query.get('count')), Number(query.get('gap'))]
  if (query.has('length')) response.setHeader('content-length', count)
  response.flushHeaders()
  for (let sent = 0; sent < count && !response.destroyed; sent++) {
    response.write('d')
    await sleep(gapMs)
  }
  response.end()
}

const routes: Record<string, Route> = {
  '/echo': async (exchange) => {
    const { request, response } = exchange
    const { method = '', url: target = '', rawHeaders } = request
    json(response, { method, target, rawHeaders, ...(await read(exchange)) } satisfies Echo)
  },
  '/sink': async (exchange) => json(exchange.response, await read(exchange)),
  '/mirror': ({ request, response }) => request.pipe(response.writeHead(200)),
  '/bytes': ({ response, query }) => {
    const count = Number(query.get('count'))
    if (query.has('length')) response.setHeader('content-length', count)
    return pour(response, count)
  },
  '/endless': ({ response }) => pour(response, Number.POSITIVE_INFINITY),
  '/gzip': ({ response }) => compressed(response, 'gzip', gzipSync(plainText)),
  '/br': ({ response }) => compressed(response, 'br', brotliCompressSync(plainText)),
  '/twice': ({ response }) =>
    response
      .writeHead(200, ['set-cookie', 'a=1; Path=/', 'set-cookie', 'b=2', 'x-twice', 'one', 'x-twice', 'two'])
      .end(),
  '/status': (exchange) => {
    const { request, query } = exchange
    const fields = ['connection: close', ...query.getAll('header')]
    const head = [`HTTP/1.1 ${query.get('code')} Whatever`, ...fields, '', ''].join('\r\n')
    request.socket.end(head + (query.get('body') ?? ''))
  },
  '/slow': async ({ response, query }) => {
    await sleep(Number(query.get('ms')))
    response.end('slow')
  },
  '/drip': drip,
  '/two-segments': async ({ response }) => {
    response.setHeader('content-length', 4)
    response.flushHeaders()
    await sleep(0)
    response.end('late')
  },
  '/hints': ({ response }) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' })
    response.end('after the hints')
  },
  '/reset': ({ request }) => request.socket.resetAndDestroy(),
  '/close': ({ request }) => request.socket.destroy(),
  '/cut': async (exchange) => {
    const framing = exchange.query.has('length') ? 'content-length: 1000' : 'transfer-encoding: chunked'
    raw(exchange, `HTTP/1.1 200 OK\r\n${framing}\r\n\r\n`)
    raw(exchange, exchange.query.has('length') ? 'half' : '4\r\nhalf\r\n')
    await sleep(20)
    exchange.request.socket.destroy()
  },
  '/garbage': (exchange) => raw(exchange, 'this is not HTTP\r\n\r\n'),
  '/huge-header': (exchange) => raw(exchange, `HTTP/1.1 200 OK\r\nx-huge: ${'h'.repeat(200_000)}\r\n\r\n`),
  '/two-lengths': (exchange) => raw(exchange, 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nabc'),
  '/early': ({ response }) => response.writeHead(413, { 'content-length': 5 }).end('early'),
  '/early-reading': (exchange) => {
    exchange.response.writeHead(200, { 'content-length': 5 }).end('early')
    return read(exchange)
  },
  '/deaf': () => {},
}

async function answer(request: IncomingMessage, response: ServerResponse, seen: Map<string, Seen>) {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://echo')
  if (pathname === '/seen') return json(response, seen.get(query.get('key') ?? '') ?? { arrived: false })
  if (pathname === '/connections') return json(response, { open: openSockets.size })
  const mine: Seen = { arrived: true, left: false, bodyBytes: 0 }
  seen.set(query.get('key') ?? '', mine)
  response.on('close', () => {
    mine.left = !response.writableFinished
  })
  const route = routes[pathname] ?? routes['/echo']
  await route?.({ request, response, query, seen: mine })
}

const openSockets = new Set<unknown>()

export async function startEchoServer(): Promise<{ url: string; close: () => Promise<void> }> {
  const seen = new Map<string, Seen>()
  const server = createServer((request, response) => {
    answer(request, response, seen).catch(() => response.destroy())
  })
  server.on('connection', (socket) => {
    openSockets.add(socket)
    socket.on('close', () => openSockets.delete(socket)).on('error', () => {})
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const close = async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}
