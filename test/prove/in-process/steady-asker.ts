/** The thread of `askSteadily`: one connection for each path, a request 20 ms after each answer. */
import { Agent, get } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { percentile } from '../../../bench/method/stats.ts'
import type { Asking, Took } from '../ask-steadily.ts'

const everyMs = 20
const { url, paths, headers } = workerData as Asking

function tookMs(agent: Agent, path: string): Promise<number> {
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    get(`${url}${path}`, { agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path} answered ${response.statusCode}`))
      response.resume().on('end', () => resolve(performance.now() - startedAt))
    }).on('error', reject)
  })
}

const taken = paths.map((path) => {
  const took: number[] = []
  const agent = new Agent({ keepAlive: true })
  const askForEver = async () => {
    for (;;) {
      took.push(await tookMs(agent, path))
      await wait(everyMs)
    }
  }
  void askForEver()
  return took
})

parentPort?.on('message', () => {
  const read = taken.map((took): Took => {
    const all = took.splice(0)
    return { medianMs: percentile(all, 50), p99Ms: percentile(all, 99), maxMs: percentile(all, 100) }
  })
  parentPort?.postMessage(read)
})
