/** The form for an intent. */
import { useState } from 'preact/hooks'
import { call } from '../../core/api.ts'
import { go, link } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Check, SelectField, TextField } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import { toast } from '../../ui/toast.tsx'

const same = (values: readonly string[]) => values.map((value) => [value, value] as const)

export function NewIntent() {
  const texts = t().intents
  const [kind, setKind] = useState('chat')
  const [priority, setPriority] = useState('P1')
  const [text, setText] = useState('')
  const [needs, setNeeds] = useState({ switch: false, spawner: false })
  const submit = async () => {
    const answer = await call<{ correlation_id: string; status: string }>('vx11/intent', {
      method: 'POST',
      json: { intent_type: kind, text, priority, require: needs },
    })
    toast('ok', texts.handed(answer.status))
    go(link('intents', answer.correlation_id))
  }
  return (
    <Panel title={texts.new}>
      <div class="stack">
        <div class="filters">
          <SelectField
            label={texts.kind}
            value={kind}
            onChange={setKind}
            options={same(['chat', 'plan', 'exec', 'spawn'])}
          />
          <SelectField
            label={texts.priority}
            value={priority}
            onChange={setPriority}
            options={same(['P0', 'P1', 'P2'])}
          />
        </div>
        <TextField label={texts.text} value={text} onInput={setText} area rows={3} />
        <div class="row">
          <Check
            label={texts.needsSwitch}
            checked={needs.switch}
            onChange={(on) => setNeeds({ ...needs, switch: on })}
          />
          <Check
            label={texts.needsSpawner}
            checked={needs.spawner}
            onChange={(on) => setNeeds({ ...needs, spawner: on })}
          />
          <Button
            kind="primary"
            icon="arrow"
            label={texts.hand}
            needs="operator"
            disabled={text.trim() ? null : texts.needsText}
            onRun={submit}
          />
        </div>
      </div>
    </Panel>
  )
}
