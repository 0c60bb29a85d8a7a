/** The form for a new key. */
import { useState } from 'preact/hooks'
import { call } from '../../core/api.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Check, TextField } from '../../ui/fields.tsx'
import { type MadeKey, scopes } from './key.ts'

export function NewKey({ onClose, onMade }: { onClose: () => void; onMade: (key: MadeKey) => void }) {
  const texts = t().keys
  const [name, setName] = useState('')
  const [note, setNote] = useState('')
  const [days, setDays] = useState('90')
  const [chosen, setChosen] = useState<readonly string[]>(['operator'])
  const expires =
    /^\d{1,4}$/.test(days) && Number(days) > 0 ? new Date(Date.now() + Number(days) * 86_400_000).toISOString() : null
  const make = async () => {
    const json = {
      name: name.trim(),
      scopes: chosen,
      ...(note.trim() ? { note: note.trim() } : {}),
      ...(expires ? { expires_at: expires } : {}),
    }
    onMade(await call<MadeKey>('operator/api/keys', { method: 'POST', json }))
  }
  return (
    <Dialog title={texts.new} onClose={onClose}>
      <h2>{texts.new}</h2>
      <TextField label={texts.name} value={name} onInput={setName} />
      <fieldset class="row">
        <legend class="small">{texts.scopes}</legend>
        {scopes.map((scope) => (
          <Check
            key={scope}
            label={scope}
            checked={chosen.includes(scope)}
            onChange={(on) => setChosen(on ? [...chosen, scope] : chosen.filter((each) => each !== scope))}
          />
        ))}
      </fieldset>
      <TextField label={texts.days} type="number" value={days} onInput={setDays} hint={texts.daysMean} />
      <TextField label={texts.noteLabel} value={note} onInput={setNote} />
      <div class="dialog-actions">
        <Button label={t().actions.cancel} onRun={onClose} />
        <Button
          kind="primary"
          label={texts.make}
          needs="admin"
          disabled={name.trim() && chosen.length > 0 ? null : texts.incomplete}
          onRun={make}
        />
      </div>
    </Dialog>
  )
}
