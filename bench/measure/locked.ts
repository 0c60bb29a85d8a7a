/** What callers notice who need no database while another process holds its write lock. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as wait } from 'node:timers/promises'
import { drive, type Load, type LoadResult } from '../load/http.ts'
import { figure, type Measured, single } from '../report/results.ts'
import type { Bench } from '../run-case.ts'
import { temporaryFolder } from '../targets/children.ts'
import { startGateway, token } from '../targets/targets.ts'

const headers = { 'x-vx11-token': token, 'content-type': 'application/json' }
const event = JSON.stringify({
  source: 'bench',
  type: 'spawn_success',
  payload: { spawn_id: 'one', module: 'spawner' },
})
const writesPerSecond = 5

export async function measureLocked({ bundle, upstream, options }: Bench): Promise<Measured> {
  const file = join(temporaryFolder(), 'vx11.db')
  const gateway = await startGateway('gateway', bundle, upstream, { VX11_DATABASE_URL: `file:${file}` })
  const seconds = options.lockedSeconds
  await readers(gateway.url, 2)
  const free = await readers(gateway.url, Math.min(seconds, 5))
  const database = new DatabaseSync(file)
  database.exec('BEGIN IMMEDIATE')
  const writes = keepWriting(gateway.url, seconds)
  const locked = await readers(gateway.url, seconds)
  database.exec('ROLLBACK')
  database.close()
  await writes
  await gateway.stop()
  const rows = [
    ['/livez', free.livez, locked.livez] as const,
    ['proxied GET, 1 KB', free.proxied, locked.proxied] as const,
  ]
  return {
    method: `locked for ${seconds} s, with ${writesPerSecond} events a second that wait for it`,
    tables: [
      {
        head,
        rows: rows.map(([name, before, during]) => [name, ...cells(before), ...cells(during), failures(during)]),
      },
    ],
    readings: { livez: single(locked.livez.maxMs), 'proxied p99': single(locked.proxied.p99Ms) },
  }
}

async function readers(url: string, seconds: number) {
  const load: Omit<Load, 'url'> = {
    ...{ method: 'GET', headers: { 'x-vx11-token': token }, bodyBytes: 0, newAddresses: false, connections: 8 },
    ...{ seconds, perSecond: 50 },
  }
  const [livez, proxied] = await Promise.all([
    drive({ ...load, url: `${url}/livez` }),
    drive({ ...load, url: `${url}/shub/1k` }),
  ])
  return { livez, proxied }
}

/** Whether they are stored or refused is another test's concern. */
async function keepWriting(url: string, seconds: number): Promise<void> {
  const answers: Promise<unknown>[] = []
  for (let n = 0; n < seconds * writesPerSecond; n++) {
    const asked = fetch(`${url}/events/ingest`, { method: 'POST', headers, body: event })
    answers.push(asked.then((answer) => answer.text()))
    await wait(1000 / writesPerSecond)
  }
  await Promise.allSettled(answers)
}

const head = ['asked', 'free p50 ms', 'p99 ms', 'most ms', 'locked p50 ms', 'p99 ms', 'most ms', 'failed']

const cells = ({ p50Ms, p99Ms, maxMs }: LoadResult) => [figure(p50Ms, 2), figure(p99Ms, 2), figure(maxMs, 1)]

const failures = ({ refused, broken }: LoadResult) => figure(refused + broken)
