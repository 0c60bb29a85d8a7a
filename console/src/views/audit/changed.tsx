/** The states before and after an act, folded. */
import type { RecordedAct } from '../../../../src/features/audit/acts/schema.ts'
import { t } from '../../texts/index.ts'
import { Json } from '../../ui/json.tsx'

export function Changed({ act: { before, after } }: { act: RecordedAct }) {
  const texts = t().audit
  if (before === null && after === null) return <>–</>
  return (
    <details>
      <summary>{texts.change}</summary>
      <Json value={{ before, after }} label={texts.change} />
    </details>
  )
}
