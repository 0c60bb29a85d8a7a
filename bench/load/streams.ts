/** Opens event streams all at once, keeps them for a while, and measures how late their events arrive. */
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { percentile } from '../method/stats.ts'

export interface StreamLoad {
  url: string
  headers: Readonly<Record<string, string>>
  count: number
  seconds: number
}

export interface StreamResult {
  opened: number
  /** From the first request to the last stream's first event. */
  openMs: number
  events: number
  lagP50Ms: number
  lagP99Ms: number
  /** Streams that ended or broke before they were left. */
  lost: number
}

/** How long the slowest stream may take to open before it counts as refused. */
const timeoutMs = 3000

export async function driveStreams({ url, headers, count, seconds }: StreamLoad): Promise<StreamResult> {
  const lags: number[] = []
  const startedAt = performance.now()
  let lastOpenedAt = startedAt
  let opened = 0
  let lost = 0
  let leaving = false

  const listen = (answer: IncomingMessage) => {
    if (answer.statusCode !== 200) return void answer.resume()
    let first = true
    answer.on('data', (chunk: Buffer) => {
      const now = process.hrtime.bigint()
      for (const at of eventTimes(chunk.toString('latin1'))) lags.push(Number(now - at) / 1e6)
      if (!first) return
      first = false
      opened++
      lastOpenedAt = performance.now()
    })
    answer.on('close', () => {
      if (!leaving) lost++
    })
    answer.on('error', () => {})
  }
  const requests = Array.from({ length: count }, () => open(url, headers, listen))
  while (opened < count && performance.now() - startedAt < timeoutMs) await wait(10)
  const openMs = lastOpenedAt - startedAt

  // What came while the streams opened was late for another reason.
  lags.length = 0
  await wait(seconds * 1000)
  leaving = true
  for (const one of requests) one.destroy()
  return { opened, openMs, events: lags.length, lagP50Ms: percentile(lags, 50), lagP99Ms: percentile(lags, 99), lost }
}

function open(url: string, headers: StreamLoad['headers'], listen: (answer: IncomingMessage) => void): ClientRequest {
  const asked = request(url, { agent: false, headers: { ...headers, accept: 'text/event-stream' } }, listen)
  asked.on('error', () => {})
  asked.end()
  return asked
}

/** The monotonic nanoseconds that the upstream wrote into each event; it never splits one over two writes. */
export const eventTimes = (text: string): bigint[] =>
  Array.from(text.matchAll(/^data: (\d+)$/gm), ([, at]) => BigInt(at ?? 0))
