/** Opens a window and follows its services until they answer. */
import { useState } from 'preact/hooks'
import { call } from '../../core/api.ts'
import { asProblem, type Problem } from '../../core/problem.ts'
import { t } from '../../texts/index.ts'
import { Failure } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { Check, Choice, TextField } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { toast } from '../../ui/toast.tsx'
import { isLength, TtlChoice } from './ttl.tsx'
import { useWakeable } from './wakeable.ts'

interface Opened {
  ready?: Record<string, boolean | null>
}

export function OpenForm({ onDone }: { onDone: () => void }) {
  const texts = t().windows
  const wakeable = useWakeable()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [mode, setMode] = useState('ttl')
  const [ttl, setTtl] = useState('600')
  const [reason, setReason] = useState('')
  const [wait, setWait] = useState(true)
  const [opening, setOpening] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)

  const refusal = chosen.length === 0 ? texts.chooseService : mode === 'ttl' && !isLength(ttl) ? texts.badLength : null
  const open = async () => {
    setOpening(true)
    setProblem(null)
    const json = {
      services: chosen,
      mode,
      reason: reason.trim() || 'operator_manual',
      ...(mode === 'ttl' ? { ttl_seconds: Number(ttl) } : {}),
    }
    try {
      const { ready } = await call<Opened>(`operator/api/window/open${wait ? '?wait=ready&budget_seconds=60' : ''}`, {
        method: 'POST',
        json,
      })
      const silent = Object.entries(ready ?? {}).flatMap(([name, answers]) => (answers === false ? name : []))
      toast(silent.length > 0 ? 'bad' : 'ok', silent.length > 0 ? texts.notReady(silent.join(', ')) : texts.opened2)
      onDone()
    } catch (error) {
      setProblem(asProblem(error))
    } finally {
      setOpening(false)
    }
  }
  const toggle = (name: string, on: boolean) =>
    setChosen(on ? [...chosen, name] : chosen.filter((each) => each !== name))

  return (
    <Panel title={texts.open}>
      <div class="stack">
        <fieldset class="services-choice">
          <legend>{texts.services}</legend>
          {wakeable.map(({ name, state }) => (
            <label key={name} class={`service-choice ${chosen.includes(name) ? 'chosen' : ''}`}>
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                onChange={(event) => toggle(name, event.currentTarget.checked)}
              />
              <span>{name}</span>
              <State state={state} />
            </label>
          ))}
        </fieldset>
        <div class="row">
          <Choice
            label={texts.kind}
            value={mode}
            onChange={setMode}
            options={[
              ['ttl', texts.forAWhile],
              ['hold', texts.untilClosed],
            ]}
          />
          {mode === 'ttl' ? <TtlChoice value={ttl} onChange={setTtl} /> : <span class="muted">{texts.holdMeans}</span>}
        </div>
        <TextField label={texts.reason} value={reason} onInput={setReason} placeholder="operator_manual" />
        <Check label={texts.wait} checked={wait} onChange={setWait} />
        {opening ? (
          <p role="status" class="waiting">
            <i aria-hidden="true" /> {wait ? texts.waiting : texts.opening}
          </p>
        ) : null}
        {problem ? <Failure problem={problem} /> : null}
        <div class="row">
          <Button kind="primary" label={texts.open} needs="admin" disabled={refusal} onRun={open} />
          <Button kind="quiet" label={t().actions.cancel} onRun={onDone} />
        </div>
      </div>
    </Panel>
  )
}
