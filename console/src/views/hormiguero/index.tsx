/** The colony: its own status, its incidents, one scan, and INEE. */
import { useState } from 'preact/hooks'
import { call } from '../../core/api.ts'
import { measured, useReading } from '../../core/reading.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { Json } from '../../ui/json.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Sleeping } from '../../ui/sleeping.tsx'
import { Incidents } from './incidents.tsx'

interface Told extends Record<string, unknown> {
  status?: string
  error?: string
  hint?: string
}

const isAsleep = ({ status }: Told) =>
  status === 'service_offline' || status === 'OFF_BY_POLICY' || status === 'off_by_policy'

export default function Hormiguero() {
  const texts = t().hormiguero
  const status = useReading(() => call<Told>('operator/api/hormiguero/status'), { every: measured, on: 'gateway.' })
  const inee = useReading(() => call<Told>('operator/inee/status'), { every: measured })
  const [scan, setScan] = useState<unknown>(null)
  const asleep = status.data ? isAsleep(status.data) : true
  const scanOnce = async () => setScan(await call('operator/api/hormiguero/scan/once', { method: 'POST', json: {} }))
  return (
    <div class="stack">
      <Answer of={status}>
        {(data) =>
          isAsleep(data) ? (
            <Sleeping module="hormiguero" reason={data.error} hint={data.hint} />
          ) : (
            <Panel
              title={texts.status}
              actions={<Button icon="search" label={texts.scan} needs="operator" onRun={scanOnce} />}
            >
              <Json value={data} label={texts.status} />
            </Panel>
          )
        }
      </Answer>
      {scan === null ? null : (
        <Panel title={texts.scanResult}>
          <Json value={scan} label={texts.scanResult} />
        </Panel>
      )}
      <Incidents asleep={asleep} />
      <Panel title="INEE">
        <Answer of={inee}>
          {(data) =>
            isAsleep(data) ? <Empty icon="moon" title={texts.ineeAsleep} /> : <Json value={data} label="INEE" />
          }
        </Answer>
      </Panel>
    </div>
  )
}
