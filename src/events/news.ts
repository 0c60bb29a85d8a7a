/** How news of the stream travels between instances: as JSON, without the events when those are large. */
import type { EventNews } from '../ports.ts'

/** In characters; the database has what is left out. */
const longestNews = 262_144

export function writeNews({ newest, events }: EventNews): string {
  const text = JSON.stringify({ newest, events })
  return text.length <= longestNews ? text : JSON.stringify({ newest, events: [] })
}

/** What instances of one version wrote; undefined for anything else. */
export function readNews(text: string): EventNews | undefined {
  try {
    const news = JSON.parse(text) as EventNews
    return Number.isSafeInteger(news.newest) && Array.isArray(news.events) ? news : undefined
  } catch {
    return undefined
  }
}
