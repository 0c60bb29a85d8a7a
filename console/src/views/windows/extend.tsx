/** Extends by closing and opening anew, which is what madre offers: so it says that the services restart. */
import { useState } from 'preact/hooks'
import { call, read, vx11 } from '../../core/api.ts'
import type { WindowStatus } from '../../core/shapes.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { toast } from '../../ui/toast.tsx'
import { wokenBy } from './current.tsx'
import { TtlChoice } from './ttl.tsx'

export function Extend({ window, reload }: { window: WindowStatus; reload: () => Promise<void> }) {
  const texts = t().windows
  const [asking, setAsking] = useState(false)
  const [ttl, setTtl] = useState('1800')
  const extend = async () => {
    const services = wokenBy(window)
    await read(vx11.operator.api.window.close.$post())
    await call('operator/api/window/open', {
      method: 'POST',
      json: { services, ttl_sec: Number(ttl), mode: 'ttl', reason: 'operator_extended' },
    })
    setAsking(false)
    toast('ok', texts.extended)
    await reload()
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
            <Button kind="primary" label={texts.extend} onRun={extend} />
          </div>
        </Dialog>
      ) : null}
    </>
  )
}
