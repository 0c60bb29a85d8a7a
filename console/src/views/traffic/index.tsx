/** Load, errors, latency and who is refused: live from the meters, older from what each minute left. */
import { place, setQuery } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { Choice } from '../../ui/fields.tsx'
import { History } from './history.tsx'
import { Live } from './live.tsx'
import './traffic.css'

export const spans = ['live', '1h', '6h', '24h', '7d', '30d'] as const

export default function Traffic() {
  const span = place.value.query.get('span') ?? 'live'
  return (
    <div class="stack">
      <Choice
        label={t().traffic.span}
        value={span}
        onChange={(value) => setQuery({ span: value })}
        options={spans.map((each) => [each, t().traffic.spans[each]])}
      />
      {span === 'live' ? <Live /> : <History span={span} />}
    </div>
  )
}
