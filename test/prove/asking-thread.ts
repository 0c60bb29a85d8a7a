/** Asks paths of a gateway again and again from a thread of its own, so that what the test does takes no time from it. */
import { once } from 'node:events'
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

/** The thread is an upstream, too, which answers 200 to everything. An answer that is not 200 rejects the next reading. */
export async function startAskingThread() {
  const worker = new Worker(new URL('in-process/asking-thread.ts', import.meta.url))
  const [port] = (await once(worker, 'message')) as [number]
  let failed: unknown
  worker.on('error', (error) => {
    failed = error
  })
  return {
    upstreamUrl: `http://127.0.0.1:${port}`,
    ask: (asking: Asking) => worker.postMessage(asking),
    async read(): Promise<Took[]> {
      if (failed !== undefined) throw failed
      const reading = once(worker, 'message')
      worker.postMessage('read')
      return (await reading)[0]
    },
    stop: () => worker.terminate(),
  }
}
