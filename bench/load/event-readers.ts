/** Reads the event stream many times over, and measures how much later than its posting each event arrived. */
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { percentile } from '../method/stats.ts'

export interface EventReaders {
  /** Resolves when every reader has that many events, or has lost one; then they leave. */
  finish(events: number): Promise<FanOutReading>
}

export interface FanOutReading {
  events: number
  lagP50Ms: number
  lagP99Ms: number
  lagMaxMs: number
  /** Events that did not reach a reader. */
  lost: number
}

const timeoutMs = 10_000
/** For each stream more. */
const openMs = 10

export async function openReaders(
  url: string,
  headers: Readonly<Record<string, string>>,
  count: number,
): Promise<EventReaders> {
  const lags: number[] = []
  let opened = 0
  const listen = (answer: IncomingMessage) => {
    let rest = ''
    answer.once('data', () => opened++)
    answer.on('error', () => {})
    answer.on('data', (chunk: Buffer) => {
      const now = process.hrtime.bigint()
      const text = rest + chunk.toString('latin1')
      const end = text.lastIndexOf('\n\n') + 1
      rest = text.slice(end)
      for (const [, at] of text.slice(0, end).matchAll(/"sent_ns":"(\d+)"/g))
        lags.push(Number(now - BigInt(at ?? 0)) / 1e6)
    })
  }
  const requests: ClientRequest[] = Array.from({ length: count }, () => {
    const asked = request(`${url}/operator/api/events/stream`, { agent: false, headers }, listen)
    asked.on('error', () => {})
    asked.end()
    return asked
  })
  for (const startedAt = performance.now(); opened < count; await wait(10))
    if (performance.now() - startedAt > timeoutMs + count * openMs)
      throw new Error(`${opened} of ${count} event streams opened`)
  return {
    async finish(events) {
      const startedAt = performance.now()
      while (lags.length < events * count && performance.now() - startedAt < timeoutMs) await wait(10)
      for (const one of requests) one.destroy()
      return {
        events: lags.length,
        lagP50Ms: percentile(lags, 50),
        lagP99Ms: percentile(lags, 99),
        lagMaxMs: percentile(lags, 100),
        lost: events * count - lags.length,
      }
    },
  }
}
