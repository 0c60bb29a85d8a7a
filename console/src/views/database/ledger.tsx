/** Recomputes the ledger's hash chain, page by page, and names the first broken link. */
import { useState } from 'preact/hooks'
import { call } from '../../core/api.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { number } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Facts, Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'

interface Verified {
  status: 'intact' | 'broken' | 'more'
  first: number | null
  last: number | null
  linked: number
  unlinked: number
  broken: { id: number; fault: string } | null
  next: number | null
}

export function Ledger() {
  const texts = t().database
  const [result, setResult] = useState<Verified | null>(null)
  const verify = async () => {
    let from: number | null = null
    let [linked, unlinked] = [0, 0]
    do {
      const part: Verified = await call(`operator/api/ledger/verify?limit=5000${from === null ? '' : `&from=${from}`}`)
      linked += part.linked
      unlinked += part.unlinked
      setResult({ ...part, linked, unlinked, first: result?.first ?? part.first })
      from = part.status === 'more' ? part.next : null
    } while (from !== null)
  }
  return (
    <Panel title={texts.ledger} actions={<Button icon="truth" label={texts.verify} onRun={verify} />}>
      <p class="muted">{texts.ledgerMeans}</p>
      {result ? (
        <div role="status" class="ledger-result">
          <State
            state={result.status}
            tone={result.status === 'intact' ? 'ok' : result.status === 'broken' ? 'bad' : 'info'}
          />
          <Facts
            of={[
              [texts.linked, number(result.linked)],
              [texts.unlinked, number(result.unlinked)],
              ...(result.broken
                ? [[texts.brokenAt, `#${result.broken.id}: ${plain(result.broken.fault, 100)}`] as const]
                : []),
            ]}
          />
        </div>
      ) : null}
    </Panel>
  )
}
