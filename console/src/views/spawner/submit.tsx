/** Hands the spawner a command; it runs in a shell, so it is asked twice. */
import { useState } from 'preact/hooks'
import { call } from '../../core/api.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { confirm } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/fields.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { toast } from '../../ui/toast.tsx'

export function Submit({ allowed, reload }: { allowed: boolean; reload: () => Promise<void> }) {
  const texts = t().spawner
  const [cmd, setCmd] = useState('')
  const [ttl, setTtl] = useState('300')
  const submit = async () => {
    if (
      !(await confirm({
        title: texts.confirmTitle,
        body: (
          <>
            <p>{texts.confirmBody}</p>
            <pre class="block">{plain(cmd, 2000)}</pre>
          </>
        ),
        action: texts.run,
        danger: true,
      }))
    )
      return
    await call('operator/api/spawner/submit', { method: 'POST', json: { cmd, ttl_seconds: Number(ttl) || 300 } })
    toast('ok', texts.queued)
    setCmd('')
    await reload()
  }
  return (
    <Panel title={texts.submit}>
      <div class="filters">
        <div class="grow field">
          <TextField label={texts.command} value={cmd} onInput={setCmd} />
        </div>
        <TextField label={texts.ttl} type="number" value={ttl} onInput={setTtl} />
        <Button
          kind="primary"
          icon="play"
          label={texts.run}
          needs="admin"
          disabled={allowed ? (cmd.trim() ? null : texts.needsCommand) : texts.asleep}
          onRun={submit}
        />
      </div>
    </Panel>
  )
}
