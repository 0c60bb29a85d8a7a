/** Hermes: what it registered, what it offers, and discovery as a plan first. */
import { useState } from 'preact/hooks'
import type { HermesCatalog, HermesHealth } from '../../../../src/features/hermes/schema.ts'
import { call } from '../../core/api.ts'
import { measured, stored, useReading } from '../../core/reading.ts'
import { t } from '../../texts/index.ts'
import { Answer } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { confirm } from '../../ui/dialog.tsx'
import { milliseconds } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Json } from '../../ui/json.tsx'
import { Facts, Panel } from '../../ui/panel.tsx'
import { Sleeping } from '../../ui/sleeping.tsx'
import { State } from '../../ui/state.tsx'
import { Models, Providers } from './catalog.tsx'

export default function Hermes() {
  const texts = t().hermes
  const health = useReading(() => call<HermesHealth>('vx11/hermes/health'), { every: measured, on: 'gateway.' })
  const catalog = useReading(() => call<HermesCatalog>('vx11/hermes/catalog'), { every: stored })
  const [found, setFound] = useState<unknown>(null)
  const discover = async (apply: boolean) => {
    if (
      apply &&
      !(await confirm({ title: texts.applyTitle, body: texts.applyBody, action: texts.apply, danger: true }))
    )
      return
    setFound(await call('vx11/hermes/discover', { method: 'POST', json: { apply } }))
    await catalog.reload()
  }
  return (
    <div class="stack">
      <Answer of={health}>
        {(data) =>
          data.status === 'dormant' ? (
            <Sleeping module="hermes" reason={data.reason} hint={null} />
          ) : (
            <Panel
              title={texts.health}
              actions={
                <>
                  <Button label={texts.plan} needs="operator" onRun={() => discover(false)} />
                  <Button label={texts.apply} kind="danger" needs="operator" onRun={() => discover(true)} />
                </>
              }
            >
              <Facts
                of={[
                  [texts.status, <State state={data.status} />],
                  [texts.latency, milliseconds(data.latency_ms)],
                  [texts.version, plain(data.version ?? '–', 40)],
                ]}
              />
            </Panel>
          )
        }
      </Answer>
      {found === null ? null : (
        <Panel title={texts.found}>
          <Json value={found} label={texts.found} />
        </Panel>
      )}
      <Answer of={catalog}>
        {(data) => (
          <>
            <Panel title={texts.providers} flush>
              <Providers providers={data.cli_providers} />
            </Panel>
            <Panel title={texts.models} flush>
              <Models models={data.models} />
            </Panel>
          </>
        )}
      </Answer>
    </div>
  )
}
