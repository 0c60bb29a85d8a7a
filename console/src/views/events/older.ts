/** What came before the live buffer, page by page as the reader scrolls. */
import { useCallback, useLayoutEffect, useRef, useState } from 'preact/hooks'
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

/** What is asked for next; its end is known here before it is drawn, and a list that is over begins no second time. */
interface Cursor {
  filter: EventFilter
  /** Null from the newest on. */
  next: number | null
  ended: boolean
  busy: boolean
}

const nothing: Older = { events: [], ended: false, problem: null }

export function useOlder(filter: EventFilter) {
  const [state, setState] = useState<Older>(nothing)
  const cursor = useRef<Cursor>({ filter, next: null, ended: false, busy: false })

  const more = useCallback(async () => {
    const mine = cursor.current
    if (mine.busy || mine.ended) return
    mine.busy = true
    try {
      const found = await pages(mine)
      if (cursor.current !== mine) return
      setState((last) => {
        const events = [...last.events, ...found]
        return { events, ended: mine.ended || events.length >= maxKept, problem: null }
      })
    } catch (error) {
      if (cursor.current === mine) setState((last) => ({ ...last, problem: asProblem(error) }))
    } finally {
      mine.busy = false
    }
  }, [])

  // What the live buffer dropped stands between it and the pages: they begin anew behind it.
  const dropped = trims.value
  // Before the tail, drawn with it, asks for more by what held before.
  useLayoutEffect(() => {
    cursor.current = { filter, next: dropped > 0 ? oldestId() : null, ended: false, busy: false }
    setState(nothing)
    void more()
  }, [filter, more, dropped])
  return { ...state, more }
}

async function pages(cursor: Cursor): Promise<GatewayEvent[]> {
  const found: GatewayEvent[] = []
  for (let page = 0; page < maxPages && found.length < 100; page++) {
    const before = cursor.next === null ? '' : `&before=${cursor.next}`
    const answer = await call<EventPage>(`operator/api/events?${serverQuery(cursor.filter)}${before}`)
    found.push(...answer.events.filter(matches(cursor.filter)).map(bounded))
    cursor.next = answer.has_more ? answer.next : null
    cursor.ended = cursor.next === null
    if (cursor.ended) break
  }
  return found
}
