/** A maintenance run: start it, follow it, read what the last one found. */
import { useState } from 'preact/hooks'
import { read, vx11 } from '../../core/api.ts'
import type { Maintenance } from '../../core/shapes.ts'
import { t, word } from '../../texts/index.ts'
import { Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { confirm } from '../../ui/dialog.tsx'
import { Check } from '../../ui/fields.tsx'
import { milliseconds, number, seconds } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'

interface MaintenanceProps {
  state: Maintenance
  reload: () => Promise<void>
}

export function MaintenancePanel({ state, reload }: MaintenanceProps) {
  const texts = t().database
  return (
    <Panel
      title={texts.maintenance}
      note={
        state.next_full_run_at ? (
          <>
            {texts.nextRun} <Time at={state.next_full_run_at} date />
          </>
        ) : null
      }
    >
      <div class="stack">
        {state.run ? <Running run={state.run} /> : <Start reload={reload} />}
        {state.last ? <LastRun last={state.last} /> : <Empty icon="database" title={texts.neverRan} />}
      </div>
    </Panel>
  )
}

function Start({ reload }: { reload: () => Promise<void> }) {
  const texts = t().database
  const [backup, setBackup] = useState(true)
  const [apply, setApply] = useState(false)
  const [vacuum, setVacuum] = useState(false)
  const start = async () => {
    const body = (
      <ul class="plain-list">
        <li>{texts.willCheck}</li>
        {backup ? <li>{texts.willBackUp}</li> : null}
        <li>{apply ? texts.willDelete : texts.willPlan}</li>
        {vacuum ? <li>{texts.willVacuum}</li> : null}
      </ul>
    )
    if (!(await confirm({ title: texts.startTitle, body, action: texts.start, danger: apply || vacuum }))) return
    await read(vx11.operator.api.maintenance.$post({ json: { backup, apply, vacuum, reason: 'console' } }))
    toast('ok', texts.started)
    await reload()
  }
  return (
    <div class="start-run">
      <Check label={texts.withBackup} checked={backup} onChange={setBackup} />
      <Check label={texts.applyRetention} checked={apply} onChange={setApply} />
      <Check label={texts.vacuum} hint={texts.vacuumMeans} checked={vacuum} onChange={setVacuum} />
      <Button kind="primary" icon="play" label={texts.start} needs="admin" onRun={start} />
    </div>
  )
}

function Running({ run }: { run: NonNullable<Maintenance['run']> }) {
  const texts = t().database
  const { progress } = run
  return (
    <div class="stack" role="status">
      <p>
        <State state="running" /> {word(texts.triggers, run.trigger)} · <Time at={run.started_at} ago />
      </p>
      {progress ? (
        <>
          <p>
            {word(texts.steps, progress.step)} {progress.percent === null ? '' : `· ${number(progress.percent)} %`}
          </p>
          <progress value={progress.percent ?? undefined} max={100} aria-label={texts.progress} />
        </>
      ) : (
        <progress aria-label={texts.progress} />
      )}
    </div>
  )
}

function LastRun({ last }: { last: NonNullable<Maintenance['last']> }) {
  const texts = t().database
  return (
    <div>
      <p class="row">
        <State state={last.ok ? 'ok' : 'found'} label={last.ok ? texts.allWell : texts.found} />{' '}
        <span class="muted">
          {word(texts.triggers, last.trigger)} · <Time at={last.finished_at} ago /> · {seconds(last.duration_ms / 1000)}
        </span>
      </p>
      <ul class="step-list">
        {stepsOf(last).map(([name, step]) => (
          <li key={name}>
            <State state={step.status} /> <span>{word(texts.steps, name)}</span>
            <span class="muted small">{step.reason ? plain(step.reason, 160) : milliseconds(step.duration_ms)}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

const stepsOf = ({ steps }: NonNullable<Maintenance['last']>) =>
  Object.entries(steps).flatMap(([name, step]) => (step ? [[name, step] as const] : []))
