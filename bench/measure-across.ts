/** How much later than its posting to one instance an event reaches the readers of another one. */
import { openReaders } from './load/event-readers.ts'
import { postSteadily } from './load/ingest.ts'
import { eventsPerSecond } from './measure-events.ts'
import type { Options } from './options.ts'
import type { Pair } from './pairs.ts'
import type { AcrossRow } from './results.ts'
import { token } from './targets.ts'

const headers = { 'x-vx11-token': token, 'content-type': 'application/json' }
export const readersAcross = 5
const clients = 8

export async function measureAcross({ runtime, urls }: Pair, options: Options): Promise<AcrossRow[]> {
  const [one, other] = urls
  if (options.warmUpSeconds > 0) await post([one, other], options.warmUpSeconds)
  const rows: AcrossRow[] = []
  for (const to of [[one], [one, other]]) {
    // Where both are posted to, each is overtaken by the other, and the readers of one hear of both.
    const readers = await openReaders(other, headers, readersAcross)
    const posted = await post(to, options.acrossSeconds)
    const { events: _, ...reading } = await readers.finish(posted)
    rows.push({ runtime, postedTo: to.length === 1 ? 1 : 2, posted, ...reading })
  }
  return rows
}

async function post(urls: readonly string[], seconds: number): Promise<number> {
  const perSecond = eventsPerSecond / urls.length
  const posted = await Promise.all(urls.map((url) => postSteadily({ url, headers, clients, seconds, perSecond })))
  return posted.reduce((sum, count) => sum + count, 0)
}
