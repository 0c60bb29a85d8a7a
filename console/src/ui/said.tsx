/** What the gateway says of itself: in the page's language where the console has words for it, else marked as English. */
import type { GatewayEvent } from '../live/events.ts'
import { gatewayWords } from '../texts/gateway/index.ts'
import { plain } from './hostile-text.ts'

export function Said({ text, limit = 400 }: { text: string; limit?: number }) {
  const own = gatewayWords()?.sentence(text)
  return own ? <bdi>{plain(own, limit)}</bdi> : <bdi lang="en">{plain(text, limit)}</bdi>
}

type Summarised = Pick<GatewayEvent, 'type' | 'summary'>

/** Of an event of the gateway's own; others speak whatever language they like. */
export function summaryOf({ type, summary }: Summarised): { text: string; lang?: 'en' } {
  if (summary === null || !type.startsWith('gateway.')) return { text: summary ?? type }
  const own = gatewayWords()?.sentence(summary)
  return own ? { text: own } : { text: summary, lang: 'en' }
}

export function Summary({ of, limit, class: name }: { of: Summarised; limit: number; class?: string }) {
  const { text, lang } = summaryOf(of)
  return (
    <bdi class={name} lang={lang}>
      {plain(text, limit)}
    </bdi>
  )
}
