/** Keys of the database: who holds one, what it may do, until when; made, rolled and revoked here. */
import { useState } from 'preact/hooks'
import { call } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { t } from '../../texts/index.ts'
import { Answer } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { Panel } from '../../ui/panel.tsx'
import { isNew, type KeyList, type MadeKey, type NewlyMade } from './key.ts'
import { KeyTable } from './key-table.tsx'
import { NewKey } from './new-key.tsx'
import { OnceShown } from './once-shown.tsx'

export default function Keys() {
  const texts = t().keys
  const keys = useReading(() => call<KeyList>('operator/api/keys?limit=200'), { every: stored, on: 'gateway.key' })
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<NewlyMade | null>(null)
  const onMade = (key: MadeKey) => {
    setMaking(false)
    if (isNew(key)) setMade(key)
    void keys.reload()
  }
  return (
    <div class="stack">
      <Panel
        title={t().views.keys}
        note={texts.note}
        flush
        actions={<Button kind="primary" icon="plus" label={texts.new} needs="admin" onRun={() => setMaking(true)} />}
      >
        <Answer of={keys}>{(data) => <KeyTable keys={data.keys} reload={keys.reload} onMade={onMade} />}</Answer>
      </Panel>
      {making ? <NewKey onClose={() => setMaking(false)} onMade={onMade} /> : null}
      {made ? <OnceShown made={made} onClose={() => setMade(null)} /> : null}
    </div>
  )
}
