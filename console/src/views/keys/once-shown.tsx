/** The key itself, this once. */
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { copy } from '../../ui/copy.ts'
import { Dialog } from '../../ui/dialog.tsx'
import type { NewlyMade } from './key.ts'

export function OnceShown({ made, onClose }: { made: NewlyMade; onClose: () => void }) {
  const texts = t().keys
  return (
    <Dialog title={texts.once} onClose={onClose}>
      <h2>{texts.once}</h2>
      <p>{texts.onceMeans}</p>
      <pre class="block mono" tabIndex={0}>
        {made.key}
      </pre>
      <div class="dialog-actions">
        <Button icon="copy" label={t().actions.copy} onRun={() => copy(made.key)} />
        <Button kind="primary" label={texts.kept} onRun={onClose} />
      </div>
    </Dialog>
  )
}
