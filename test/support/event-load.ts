/** Posts events to a gateway that may die in between, and follows its stream across its deaths. */
import { idsIn, sseReader } from './sse-reader.ts'

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
  /** Every id that was told, in the order in which it was told. */
  ids: number[]
  /** Opens the stream there, behind the last id that was told, until it ends or breaks. */
  follow(url: string): Promise<void>
}

/** Keeps the last id as an EventSource does. */
export function follower(): Follower {
  const ids: number[] = []
  let last: string | undefined
  return {
    ids,
    async follow(url) {
      const headers: Record<string, string> = {
        'x-vx11-token': token,
        ...(last !== undefined && { 'last-event-id': last }),
      }
      try {
        const reader = sseReader(await fetch(`${url}/operator/api/events/stream`, { headers }))
        for (let block = await reader.next(); block; block = await reader.next()) {
          last = block.id ?? last
          ids.push(...idsIn(block))
        }
      } catch {
        // The gateway died; its reader comes back.
      }
    },
  }
}
