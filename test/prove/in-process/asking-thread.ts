/** The thread of `startAskingThread`: one connection for each path, a request 20 ms after each answer. */
import { once } from 'node:events'
import { Agent, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { percentile } from '../../../bench/method/stats.ts'
import type { Asking, Took } from '../asking-thread.ts'

const everyMs = 20
const taken: number[][] = []

function tookMs(agent: Agent, url: string, headers: Record<string, string>): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`))
      response.resume().on('end', () => resolve(performance.now() - startedAt))
    }).on('error', reject)
  })
}

async function askForEver(url: string, headers: Record<string, string>, took: number[]): Promise<never> {
  const agent = new Agent({ keepAlive: true })
  for (;;) {
    took.push(await tookMs(agent, url, headers))
    await wait(everyMs)
  }
}

function startAsking({ url, paths, headers }: Asking): void {
  for (const path of paths) {
    const took: number[] = []
    taken.push(took)
    void askForEver(`${url}${path}`, headers, took)
  }
}

const read = (): Took[] =>
  taken.map((took) => {
    const all = took.splice(0)
    return { medianMs: percentile(all, 50), p99Ms: percentile(all, 99), maxMs: percentile(all, 100) }
  })

const upstream = createServer((_, response) =>
  response.setHeader('Content-Type', 'application/json').end('{"status":"ok"}'),
)
await once(upstream.listen(0, '127.0.0.1'), 'listening')
parentPort?.on('message', (message: Asking | 'read') =>
  message === 'read' ? parentPort?.postMessage(read()) : startAsking(message),
)
parentPort?.postMessage((upstream.address() as AddressInfo).port)
