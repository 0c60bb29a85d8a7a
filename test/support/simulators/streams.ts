/** Routes that move bodies of any size, for what the contract says of streaming; no VX11 module has them. */
import { pipeline } from 'node:stream/promises'
import { setInterval as every } from 'node:timers/promises'
import { invalid } from './body.ts'
import type { Exchange } from './exchange.ts'
import { get, post, type Route } from './routing.ts'

export const streamRoutes: readonly Route[] = [
  post('/echo', echo),
  get('/echo', echo),
  get('/bytes', sendBytes),
  get('/sse', sendTicks),
]

/** Each piece goes back as it came, no sooner than the reader takes it. */
async function echo(exchange: Exchange): Promise<null> {
  const length = exchange.header('content-length')
  exchange.response.writeHead(200, {
    'content-type': exchange.header('content-type') ?? 'application/octet-stream',
    ...(length === undefined ? {} : { 'content-length': length }),
  })
  exchange.response.flushHeaders()
  await pipeline(exchange.pieces(), exchange.response)
  return null
}

/** The byte at every position is the position's last eight bits. */
const pattern = Buffer.from(Uint8Array.from({ length: 64 * 1024 }, (_, index) => index & 0xff))

function* patternBytes(total: number): Generator<Buffer> {
  for (let left = total; left > 0; left -= pattern.length) yield pattern.subarray(0, Math.min(left, pattern.length))
}

async function sendBytes(exchange: Exchange): Promise<null> {
  const total = readCount(exchange, 'n', 0)
  exchange.response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': total })
  await pipeline(patternBytes(total), exchange.response)
  return null
}

/** `?every=` milliseconds (100) between ticks and `?count=` of them (without end). */
async function sendTicks(exchange: Exchange): Promise<null> {
  const everyMs = readCount(exchange, 'every', 1, 100)
  const count = readCount(exchange, 'count', 1, Number.MAX_SAFE_INTEGER)
  exchange.response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
  exchange.response.flushHeaders()
  await pipeline(ticks(everyMs, count, exchange.signal), exchange.response)
  return null
}

async function* ticks(everyMs: number, count: number, signal: AbortSignal): AsyncGenerator<string> {
  let tick = 0
  for await (const _time of every(everyMs, undefined, { signal })) {
    tick += 1
    yield `id: ${tick}\ndata: {"tick":${tick}}\n\n`
    if (tick >= count) return
  }
}

function readCount({ query }: Exchange, name: string, min: number, fallback?: number): number {
  const text = query.get(name)
  if (text === null && fallback !== undefined) return fallback
  const loc = ['query', name]
  if (text === null) throw invalid([{ type: 'missing', loc, msg: 'Field required', input: null }])
  const count = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (count >= min) return count
  const msg = 'Input should be a valid integer, unable to parse string as an integer'
  throw invalid([{ type: 'int_parsing', loc, msg, input: text }])
}
