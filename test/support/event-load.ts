/** Posts events to gateways that may die in between, or lose their Redis, and follows their streams meanwhile. */
import { setTimeout as wait } from 'node:timers/promises'
import { idsIn, type SseReader, sseReader } from './sse-reader.ts'

export const token = 'runtime-test-token'

export interface Acknowledged {
  id: number
  /** What was posted, to be found again. */
  name: string
}

/** Posts one event after another until the gateway is gone or `isOver`; what was answered 200 is acknowledged. */
export async function postEvents(
  url: string,
  names: () => string,
  isOver: () => boolean,
  acknowledged: (event: Acknowledged) => void,
): Promise<void> {
  while (!isOver()) {
    const name = names()
    try {
      const response = await fetch(`${url}/events/ingest`, {
        method: 'POST',
        headers: { 'x-vx11-token': token },
        body: JSON.stringify({ source: 'load', type: 'load', payload: { name } }),
      })
      const body = (await response.json()) as { stream_id: number }
      if (response.status === 200) acknowledged({ id: body.stream_id, name })
    } catch {
      return
    }
  }
}

export interface Follower {
  /** Every id received, in order of arrival. */
  ids: number[]
  /** Opens the stream there, after the last id received, until it ends or breaks. */
  follow(url: string): Promise<void>
  leave(): Promise<void>
}

/** Keeps the last id as an EventSource does; `after` is where it begins, from now on without it. */
export function follower(after?: number): Follower {
  const ids: number[] = []
  let last = after?.toString()
  let reader: SseReader | undefined
  return {
    ids,
    async follow(url) {
      const headers: Record<string, string> = {
        'x-vx11-token': token,
        ...(last !== undefined && { 'last-event-id': last }),
      }
      try {
        reader = sseReader(await fetch(`${url}/operator/api/events/stream`, { headers }))
        for (let block = await reader.next(); block; block = await reader.next()) {
          last = block.id ?? last
          ids.push(...idsIn(block))
        }
      } catch {
        // The gateway died; its reader comes back.
      }
    },
    leave: async () => reader?.cancel(),
  }
}

export interface LoadOnAll {
  /** Resolves when so many more events are acknowledged, by whichever gateway. */
  more(count: number): Promise<void>
  /** Resolves when a reader of each gateway has received all that is acknowledged by now. */
  told(): Promise<void>
}

export interface ToldByAll {
  acknowledged: Acknowledged[]
  /** The ids that a reader of each received from the first event on, up to the last that was acknowledged. */
  told: number[][]
}

/** Posts to each of the gateways over so many clients, and reads from each, while something happens. */
export async function tellAll(
  urls: readonly string[],
  clients: number,
  happening: (load: LoadOnAll) => Promise<void>,
): Promise<ToldByAll> {
  const acknowledged: Acknowledged[] = []
  const readers = urls.map(() => follower(0))
  const followed = readers.map((reader, index) => reader.follow(urls[index] ?? ''))
  let over = false
  let names = 0
  const posting = urls.flatMap((url) =>
    Array.from({ length: clients }, () =>
      postEvents(
        url,
        () => `event-${names++}`,
        () => over,
        (event) => acknowledged.push(event),
      ),
    ),
  )
  const more = async (count: number) => {
    const enough = acknowledged.length + count
    await until(() => acknowledged.length >= enough)
  }
  const newest = () => acknowledged.reduce((max, { id }) => Math.max(max, id), 0)
  const told = async () => {
    const last = newest()
    await until(() => readers.every(({ ids }) => (ids.at(-1) ?? 0) >= last))
  }
  await happening({ more, told })
  over = true
  await Promise.all(posting)
  await told()
  await Promise.all(readers.map((reader) => reader.leave()))
  await Promise.all(followed)
  return { acknowledged, told: readers.map(({ ids }) => ids.filter((id) => id <= newest())) }
}

const timeoutMs = 30_000

async function until(isSo: () => boolean): Promise<void> {
  for (const startedAt = performance.now(); !isSo(); await wait(5))
    if (performance.now() - startedAt > timeoutMs) throw new Error('it does not come to an end')
}
