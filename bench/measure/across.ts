/** How much later than its posting to one instance an event reaches the readers of another one. */
import { openReaders } from '../load/event-readers.ts'
import { postSteadily } from '../load/ingest.ts'
import { figure, type Measured, single } from '../report/results.ts'
import type { Bench } from '../run-case.ts'
import { type Pair, startIsolatePair, startNodePair } from '../targets/pairs.ts'
import { token } from '../targets/targets.ts'
import { eventsPerSecond } from './events.ts'

const headers = { 'x-vx11-token': token, 'content-type': 'application/json' }
const readersAcross = 5
const clients = 8

/** One pair after the other, so that neither waits for the other one's processor. */
export async function measureAcross({ bundle, upstream, options }: Bench): Promise<Measured> {
  const rows: Row[] = []
  for (const start of [() => startNodePair(bundle, upstream), () => startIsolatePair(upstream)]) {
    const pair = await start()
    if (!pair) continue
    rows.push(...(await measurePair(pair, options)))
    await pair.stop()
  }
  return {
    method: `${eventsPerSecond} events a second for ${options.acrossSeconds} s, ${readersAcross} readers`,
    tables: [{ head, rows: rows.map(cells) }],
    readings: {
      p99: single(Math.max(...rows.map(({ lagP99Ms }) => lagP99Ms))),
      lost: single(rows.reduce((sum, { lost }) => sum + lost, 0)),
    },
  }
}

type Row = Awaited<ReturnType<typeof measurePair>>[number]

async function measurePair({ runtime, urls }: Pair, options: Bench['options']) {
  const [one, other] = urls
  if (options.warmUpSeconds > 0) await post([one, other], options.warmUpSeconds)
  const rows = []
  for (const to of [[one], [one, other]]) {
    // Where both are posted to, each is overtaken by the other, and the readers of one hear of both.
    const readers = await openReaders(other, headers, readersAcross)
    const posted = await post(to, options.acrossSeconds)
    rows.push({ runtime, to: to.length === 1 ? 'the other one' : 'both', posted, ...(await readers.finish(posted)) })
  }
  return rows
}

async function post(urls: readonly string[], seconds: number): Promise<number> {
  const perSecond = eventsPerSecond / urls.length
  const posted = await Promise.all(urls.map((url) => postSteadily({ url, headers, clients, seconds, perSecond })))
  return posted.reduce((sum, count) => sum + count, 0)
}

const head = ['two on', 'events to', 'posted', 'lag p50 ms', 'lag p99 ms', 'lag max ms', 'lost']

const cells = ({ runtime, to, posted, lagP50Ms, lagP99Ms, lagMaxMs, lost }: Row): string[] => [
  ...[runtime, to, figure(posted), figure(lagP50Ms, 2), figure(lagP99Ms, 2), figure(lagMaxMs, 2), figure(lost)],
]
