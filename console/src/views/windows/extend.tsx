/** Moves the deadline where madre can; else it closes and opens anew, and says first that the services restart. */
import { useState } from 'preact/hooks'
import { call, read, vx11 } from '../../core/api.ts'
import { asProblem } from '../../core/problem.ts'
import type { WindowStatus } from '../../core/shapes.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { confirm, Dialog } from '../../ui/dialog.tsx'
import { toast } from '../../ui/toast.tsx'
import { wokenBy } from './current.tsx'
import { isLength, TtlChoice } from './ttl.tsx'

export function Extend({ window, reload }: { window: WindowStatus; reload: () => Promise<void> }) {
  const texts = t().windows
  const [asking, setAsking] = useState(false)
  const [ttl, setTtl] = useState('1800')
  const done = async (text: string) => {
    setAsking(false)
    toast('ok', text)
    await reload()
  }
  const reopen = async () => {
    const yes = await confirm({ title: texts.reopenTitle, body: texts.reopenBody, action: texts.reopen, danger: true })
    if (!yes) return
    await read(vx11.operator.api.window.close.$post())
    const json = { services: wokenBy(window), ttl_seconds: Number(ttl), mode: 'ttl', reason: 'operator_extended' }
    await call('operator/api/window/open', { method: 'POST', json })
    await done(texts.reopened)
  }
  const extend = async () => {
    try {
      await read(vx11.operator.api.window.extend.$post({ json: { ttl_seconds: Number(ttl) } }))
    } catch (error) {
      if (asProblem(error).code !== 'not_implemented') throw error
      return reopen()
    }
    await done(texts.extended)
  }
  return (
    <>
      <Button
        icon="plus"
        label={texts.extend}
        needs="admin"
        disabled={window.deadline ? null : texts.heldAlready}
        onRun={() => setAsking(true)}
      />
      {asking ? (
        <Dialog title={texts.extend} onClose={() => setAsking(false)}>
          <h2>{texts.extend}</h2>
          <p class="muted">{texts.extendMeans}</p>
          <TtlChoice value={ttl} onChange={setTtl} />
          <div class="dialog-actions">
            <Button label={t().actions.cancel} onRun={() => setAsking(false)} />
            <Button
              kind="primary"
              label={texts.extend}
              disabled={isLength(ttl) ? null : texts.badLength}
              onRun={extend}
            />
          </div>
        </Dialog>
      ) : null}
    </>
  )
}
