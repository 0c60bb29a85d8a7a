/**
 * Reads the pages of readers that catch up: a few at once, in turn; one read for all that wait for the same page; fewer
 * while events wait for their commit, so that readers of a long history leave ingest its share.
 */
import { inTurn } from '../../../lib/in-turn.ts'
import type { Clock, EventLog, EventQuery, TimedPage } from '../../../ports/index.ts'

export interface CatchUpOptions {
  clock: Clock
  read: EventLog['read']
  /** Pages that are read at once. */
  max: number
  /** Events that wait for their commit. */
  waiting?: (() => number) | undefined
}

/** While events wait for their commit, a turn rests this many times as long as its page and the delivery took. */
const restPerPage = 3
const maxRestMs = 100
const nothing: TimedPage = { events: [], next: null, tookMs: 0 }

/** A page that waits for its turn, and its readers. */
interface WaitingPage {
  page: Promise<TimedPage>
  wantedBy: (() => boolean)[]
}

export function catchUps({ clock, read, max, waiting }: CatchUpOptions): EventLog['readInTurn'] {
  const turn = inTurn(max)
  const pages = new Map<string, WaitingPage>()

  async function rest(startedAt: number): Promise<void> {
    if (!waiting || waiting() === 0) return
    // The page is written to its readers in this turn of the event loop.
    await clock.sleep(0)
    await clock.sleep(Math.min(maxRestMs, (clock.monotonic() - startedAt) * restPerPage))
  }

  function waitFor(key: string, query: EventQuery, isWanted: () => boolean): Promise<TimedPage> {
    const { promise, resolve, reject } = Promise.withResolvers<TimedPage>()
    const waitingPage: WaitingPage = { page: promise, wantedBy: [isWanted] }
    pages.set(key, waitingPage)
    turn(async () => {
      // Readers that come from now on may know of newer events than this read will see.
      pages.delete(key)
      if (!waitingPage.wantedBy.some((isStill) => isStill())) return resolve(nothing)
      const startedAt = clock.monotonic()
      const page = await read(query)
      resolve({ ...page, tookMs: clock.monotonic() - startedAt })
      await rest(startedAt)
    }).catch(reject)
    return promise
  }

  return (query, isWanted = () => true) => {
    const key = JSON.stringify(query)
    const waitingPage = pages.get(key)
    if (!waitingPage) return waitFor(key, query, isWanted)
    waitingPage.wantedBy.push(isWanted)
    return waitingPage.page
  }
}
