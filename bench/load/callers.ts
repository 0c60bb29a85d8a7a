/** Callers that ask for one path again and again, each once it has its answer. */
import { setTimeout as wait } from 'node:timers/promises'
import { Pool } from 'undici'
import { percentile } from '../method/stats.ts'

export interface Calls {
  url: string
  /** With its query. */
  path: string
  headers: Readonly<Record<string, string>>
  callers: number
  /** Between an answer and the next question. */
  pauseMs: number
}

export interface CallTimes {
  n: number
  p50Ms: number
  p99Ms: number
  maxMs: number
}

/** For as long as the work lasts. Rejects when anything but 200 comes back: refusals are fast. */
export async function callWhile({ url, path, headers, callers, pauseMs }: Calls, work: Promise<unknown>) {
  const pool = new Pool(url, { connections: callers, pipelining: 1 })
  const took: number[] = []
  let over = false
  const end = () => {
    over = true
  }
  const worked = work.finally(end)
  const caller = async () => {
    while (!over) {
      const askedAt = performance.now()
      const { statusCode, body } = await pool.request({ path, method: 'GET', headers })
      const text = await body.text()
      took.push(performance.now() - askedAt)
      if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${text.slice(0, 200)}`)
      if (pauseMs > 0) await wait(pauseMs)
    }
  }
  try {
    await Promise.all([worked, ...Array.from({ length: callers }, caller)])
  } finally {
    end()
    await pool.destroy()
  }
  return callTimes(took)
}

export const callTimes = (took: readonly number[]): CallTimes => ({
  n: took.length,
  p50Ms: percentile(took, 50),
  p99Ms: percentile(took, 99),
  maxMs: percentile(took, 100),
})
