/** Live, catching up, or offline since when. */
import { connection } from '../live/connection.ts'
import { t, word } from '../texts/index.ts'
import { agoText } from '../ui/time.tsx'

export function LiveBadge() {
  const now = connection.value
  const texts = t().live
  const detail = now.state === 'offline' || now.state === 'off' ? word(t().problems, now.reason) : texts.hint
  return (
    <span class={`live live-${now.state}`} role="status" title={detail}>
      <i aria-hidden="true" />
      <span>
        {texts[now.state]}
        {now.state === 'offline' ? ` · ${agoText(now.since)}` : ''}
      </span>
    </span>
  )
}
