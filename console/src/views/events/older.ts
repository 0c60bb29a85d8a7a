/** What came before the live buffer, page by page as the reader scrolls. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { call } from '../../core/api.ts'
import { asProblem, type Problem } from '../../core/problem.ts'
import { bounded, type EventPage, type GatewayEvent, oldestId, trims } from '../../live/events.ts'
import { type EventFilter, matches, serverQuery } from './filter.ts'

const maxKept = 20_000
/** A filter that keeps little may need several pages for a screen. */
const maxPages = 5

interface Older {
  events: readonly GatewayEvent[]
  ended: boolean
  problem: Problem | null
}

const nothing: Older = { events: [], ended: false, problem: null }

export function useOlder(filter: EventFilter) {
  const [state, setState] = useState<Older>(nothing)
  const cursor = useRef<{ filter: EventFilter; next: number | null; busy: boolean }>({
    filter,
    next: null,
    busy: false,
  })

  const more = useCallback(async () => {
    const mine = cursor.current
    if (mine.busy) return
    mine.busy = true
    try {
      const found = await pages(mine)
      if (cursor.current !== mine) return
      setState((last) => {
        const events = [...last.events, ...found]
        return { events, ended: mine.next === null || events.length >= maxKept, problem: null }
      })
    } catch (error) {
      if (cursor.current === mine) setState((last) => ({ ...last, problem: asProblem(error) }))
    } finally {
      mine.busy = false
    }
  }, [])

  // What the live buffer dropped stands between it and the pages: they begin anew behind it.
  const dropped = trims.value
  useEffect(() => {
    cursor.current = { filter, next: dropped > 0 ? oldestId() : null, busy: false }
    setState(nothing)
    void more()
  }, [filter, more, dropped])
  return { ...state, more }
}

async function pages(cursor: { filter: EventFilter; next: number | null }): Promise<GatewayEvent[]> {
  const found: GatewayEvent[] = []
  for (let page = 0; page < maxPages && found.length < 100; page++) {
    const before = cursor.next === null ? '' : `&before=${cursor.next}`
    const answer = await call<EventPage>(`operator/api/events?${serverQuery(cursor.filter)}${before}`)
    found.push(...answer.events.filter(matches(cursor.filter)).map(bounded))
    cursor.next = answer.has_more ? answer.next : null
    if (cursor.next === null) break
  }
  return found
}
