/** How news of the stream travels between instances: as JSON, without the events when those are large. */
import type { EventNews, StoredEvent } from '../../../ports/index.ts'

/** In characters; the database has what is left out. */
const longestNews = 262_144

export function writeNews({ newest, events, ledger }: EventNews): string {
  const text = JSON.stringify({ newest, events, ledger })
  return text.length <= longestNews ? text : JSON.stringify({ newest, events: [], ledger })
}

/** What instances of one version wrote; undefined for anything else. */
export function readNews(text: string): EventNews | undefined {
  try {
    const news = JSON.parse(text) as EventNews
    const { newest, events, ledger } = news
    return Number.isSafeInteger(newest) && Array.isArray(events) && isLedgerEnd(ledger) ? news : undefined
  } catch {
    return undefined
  }
}

const isLedgerEnd = (ledger: EventNews['ledger']) =>
  ledger === undefined || (Number.isSafeInteger(ledger.id) && typeof ledger.hash === 'string')

/** The events follow the position without a gap, up to the newest. */
export const continues = (position: number, events: readonly StoredEvent[], newest: number): boolean =>
  newest === position + events.length && events.every(({ id }, index) => id === position + 1 + index)
