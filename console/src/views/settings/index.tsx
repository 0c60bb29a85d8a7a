/** The settings that are stored, who is notified, and who changed what. */
import { useState } from 'preact/hooks'
import type { SettingsRead } from '../../../../src/features/settings/schema.ts'
import { call } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EditSetting } from './edit.tsx'
import { SettingsLog } from './history.tsx'
import { Notifications } from './notifications.tsx'
import { SettingRow } from './row.tsx'
import './settings.css'

export default function Settings() {
  const texts = t().settings
  const settings = useReading(() => call<SettingsRead>('operator/api/settings'), {
    every: stored,
    on: 'gateway.settings',
  })
  const [adding, setAdding] = useState(false)
  return (
    <div class="stack">
      <Panel
        title={texts.stored}
        flush
        actions={<Button icon="plus" label={texts.add} needs="operator" onRun={() => setAdding(true)} />}
      >
        <Answer of={settings}>
          {(data) => (
            <>
              {data.read_only ? (
                <div class="notice inset" role="status">
                  <Icon name="info" />
                  <div>{t().access.observer}</div>
                </div>
              ) : null}
              {Object.keys(data.settings).length === 0 ? (
                <Empty icon="settings" title={texts.none}>
                  {texts.noneMeans}
                </Empty>
              ) : null}
              <ul class="setting-list">
                {Object.entries(data.settings).map(([key, value]) => (
                  <SettingRow key={key} name={key} value={value} reload={settings.reload} />
                ))}
              </ul>
            </>
          )}
        </Answer>
      </Panel>
      <Notifications />
      <SettingsLog />
      {adding ? (
        <EditSetting
          onDone={() => {
            setAdding(false)
            void settings.reload()
          }}
        />
      ) : null}
    </div>
  )
}
