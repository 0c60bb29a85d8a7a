/** One setting with its value as JSON, to change or to remove. */
import { useState } from 'preact/hooks'
import { call } from '../../core/api.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { confirm } from '../../ui/dialog.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { toast } from '../../ui/toast.tsx'
import { EditSetting } from './edit.tsx'

export function SettingRow({ name, value, reload }: { name: string; value: unknown; reload: () => Promise<void> }) {
  const texts = t().settings
  const [editing, setEditing] = useState(false)
  const remove = async () => {
    if (
      !(await confirm({
        title: texts.removeTitle,
        body: texts.removeBody(plain(name, 64)),
        action: t().actions.delete,
        danger: true,
      }))
    )
      return
    await call(`operator/api/settings/${encodeURIComponent(name)}`, { method: 'DELETE' })
    toast('ok', texts.removed)
    await reload()
  }
  return (
    <li>
      <bdi class="mono setting-key">{plain(name, 80)}</bdi>
      <bdi class="mono setting-value">{plain(JSON.stringify(value) ?? '', 400)}</bdi>
      <span class="row">
        <Button
          kind="quiet"
          bare
          icon="edit"
          label={`${t().actions.edit} ${plain(name, 64)}`}
          needs="operator"
          onRun={() => setEditing(true)}
        />
        <Button
          kind="quiet"
          bare
          icon="trash"
          label={`${t().actions.delete} ${plain(name, 64)}`}
          needs="operator"
          onRun={remove}
        />
      </span>
      {editing ? (
        <EditSetting
          name={name}
          value={value}
          onDone={() => {
            setEditing(false)
            void reload()
          }}
        />
      ) : null}
    </li>
  )
}
