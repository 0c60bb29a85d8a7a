/** Posts events as fast as they are acknowledged, over as many connections as there are clients. */
import { Pool } from 'undici'
import { percentile } from '../method/stats.ts'

export interface IngestLoad {
  url: string
  headers: Readonly<Record<string, string>>
  clients: number
  seconds: number
  /** 1 posts one event to a request; more post that many as a batch. */
  batch: number
}

export interface IngestResult {
  /** Events that were acknowledged. */
  perSecond: number
  /** Of requests. */
  p50Ms: number
  p99Ms: number
}

const eventJson = (nth: number, sentNs = process.hrtime.bigint()) =>
  `{"source":"bench","type":"spawn_success","payload":{"spawn_id":"spawn-${nth}","module":"spawner","sent_ns":"${sentNs}"}}`

const ingestPath = (batch: number) => (batch === 1 ? '/events/ingest' : '/events/ingest/batch')

const bodyOf = (batch: number, nth: number): string =>
  batch === 1 ? eventJson(nth) : Array.from({ length: batch }, (_, index) => eventJson(nth * batch + index)).join('\n')

type Posting = Pick<IngestLoad, 'url' | 'headers' | 'batch'>

/** Rejects when anything but 200 comes back. */
export async function postBatch({ url, headers, batch }: Posting, nth: number): Promise<void> {
  const answer = await fetch(url + ingestPath(batch), { method: 'POST', headers, body: bodyOf(batch, nth) })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`ingest answered ${answer.status}: ${text.slice(0, 200)}`)
}

/** Rejects when anything but 200 comes back. */
export async function driveIngest({ url, headers, clients, seconds, batch }: IngestLoad): Promise<IngestResult> {
  const pool = new Pool(url, { connections: clients, pipelining: 1 })
  const path = ingestPath(batch)
  const latencies: number[] = []
  let sent = 0
  const startedAt = performance.now()
  const client = async () => {
    while (performance.now() - startedAt < seconds * 1000) {
      const askedAt = performance.now()
      const answer = await pool.request({ path, method: 'POST', headers, body: bodyOf(batch, sent++) })
      const text = await answer.body.text()
      if (answer.statusCode !== 200) throw new Error(`ingest answered ${answer.statusCode}: ${text.slice(0, 200)}`)
      latencies.push(performance.now() - askedAt)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  const took = (performance.now() - startedAt) / 1000
  await pool.close()
  return {
    perSecond: (latencies.length * batch) / took,
    p50Ms: percentile(latencies, 50),
    p99Ms: percentile(latencies, 99),
  }
}

/** One event after another at a steady pace; resolves to how many there were. */
export async function postSteadily(load: Omit<IngestLoad, 'batch'> & { perSecond: number }): Promise<number> {
  const pool = new Pool(load.url, { connections: load.clients, pipelining: 1 })
  const startedAt = performance.now()
  const answers: Promise<unknown>[] = []
  const total = load.perSecond * load.seconds
  for (let nth = 0; nth < total; nth++) {
    const dueMs = startedAt + (nth * 1000) / load.perSecond - performance.now()
    if (dueMs > 0) await new Promise((resolve) => setTimeout(resolve, dueMs))
    const options = { path: '/events/ingest', method: 'POST' as const, headers: load.headers, body: eventJson(nth) }
    answers.push(pool.request(options).then(({ body }) => body.dump()))
  }
  await Promise.all(answers)
  await pool.close()
  return total
}
