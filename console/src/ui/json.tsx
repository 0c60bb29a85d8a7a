/** JSON as text, folded when it is long, with a button that copies all of it. */
import { useState } from 'preact/hooks'
import { t } from '../texts/index.ts'
import { Button } from './button.tsx'
import { copy } from './copy.ts'
import { plain } from './hostile-text.ts'

const maxLength = 20_000

export function Json({ value, label }: { value: unknown; label: string }) {
  const [whole, setWhole] = useState(false)
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? 'undefined')
  return (
    <div class="json">
      <div class="json-actions">
        {text.length > maxLength && !whole ? (
          <Button kind="quiet" label={t().actions.showAll} onRun={() => setWhole(true)} />
        ) : null}
        <Button kind="quiet" bare icon="copy" label={t().actions.copy} onRun={() => copy(text)} />
      </div>
      <pre tabIndex={0} role="group" aria-label={label}>
        {plain(text, whole ? 2_000_000 : maxLength)}
      </pre>
    </div>
  )
}
