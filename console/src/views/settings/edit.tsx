/** Writes one setting: a value is JSON, and anything that is none is taken as text. */
import { useState } from 'preact/hooks'
import { call } from '../../core/api.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/fields.tsx'
import { toast } from '../../ui/toast.tsx'

function parsedValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export function EditSetting({ name, value, onDone }: { name?: string; value?: unknown; onDone: () => void }) {
  const texts = t().settings
  const [key, setKey] = useState(name ?? '')
  const [text, setText] = useState(name === undefined ? '' : (JSON.stringify(value, null, 2) ?? ''))
  const isText = typeof parsedValue(text) === 'string'
  const save = async () => {
    await call('operator/api/settings', { method: 'POST', json: { [key]: parsedValue(text) } })
    toast('ok', t().actions.saved)
    onDone()
  }
  return (
    <Dialog title={name ?? texts.add} onClose={onDone}>
      <h2>{name ? t().actions.edit : texts.add}</h2>
      {name ? (
        <p class="mono break">{name}</p>
      ) : (
        <TextField label={texts.key} value={key} onInput={setKey} hint={texts.keyMeans} />
      )}
      <TextField
        label={texts.value}
        value={text}
        onInput={setText}
        area
        rows={8}
        hint={isText ? texts.asText : texts.asJson}
      />
      <div class="dialog-actions">
        <Button label={t().actions.cancel} onRun={onDone} />
        <Button
          kind="primary"
          label={t().actions.save}
          needs="operator"
          disabled={key ? null : texts.keyMeans}
          onRun={save}
        />
      </div>
    </Dialog>
  )
}
