/** Asks paths of a gateway again and again from a thread of its own, so that what the test does takes no time from it. */
import { Worker } from 'node:worker_threads'

export interface Asking {
  url: string
  paths: readonly string[]
  headers: Record<string, string>
}

/** Of one path, since the last reading. */
export interface Took {
  medianMs: number
  p99Ms: number
  maxMs: number
}

/** An answer that is not 200 rejects the reading under way. */
export function askSteadily(asking: Asking) {
  const worker = new Worker(new URL('in-process/steady-asker.ts', import.meta.url), { workerData: asking })
  let failed: unknown
  worker.on('error', (error) => {
    failed = error
  })
  return {
    read: () =>
      new Promise<Took[]>((resolve, reject) => {
        if (failed !== undefined) return reject(failed)
        worker.once('error', reject)
        worker.once('message', resolve)
        worker.postMessage('read')
      }),
    stop: () => worker.terminate(),
  }
}
