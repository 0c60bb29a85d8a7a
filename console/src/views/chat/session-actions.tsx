/** Rename, export, delete. */
import { useState } from 'preact/hooks'
import { call, send } from '../../core/api.ts'
import { problemOf } from '../../core/problem.ts'
import { go, link } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { saveAs } from '../../ui/copy.ts'
import { confirm, Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/fields.tsx'
import { toast } from '../../ui/toast.tsx'

interface SessionActionsProps {
  id: string
  title: string | null
  onChange: () => Promise<void>
  reload: () => Promise<void>
}

export function SessionActions({ id, title, onChange, reload }: SessionActionsProps) {
  const texts = t().chat
  const [name, setName] = useState<string | null>(null)
  const path = `operator/session/${encodeURIComponent(id)}`
  const rename = async () => {
    await call(path, { method: 'PATCH', json: { title: name } })
    setName(null)
    await Promise.all([reload(), onChange()])
  }
  const remove = async () => {
    if (
      !(await confirm({ title: texts.deleteTitle, body: texts.deleteBody, action: t().actions.delete, danger: true }))
    )
      return
    await call(path, { method: 'DELETE' })
    toast('ok', texts.deleted)
    go(link('chat'))
    await onChange()
  }
  const exportAs = async (format: 'markdown' | 'json') => {
    const response = await send(`${path}/export?format=${format}`)
    if (!response.ok) throw await problemOf(response)
    saveAs(await response.blob(), `${id}.${format === 'json' ? 'json' : 'md'}`)
  }
  return (
    <>
      <Button kind="quiet" bare icon="edit" label={texts.rename} needs="operator" onRun={() => setName(title ?? '')} />
      <Button kind="quiet" icon="down" label="Markdown" onRun={() => exportAs('markdown')} />
      <Button kind="quiet" icon="down" label="JSON" onRun={() => exportAs('json')} />
      <Button kind="quiet" bare icon="trash" label={t().actions.delete} needs="operator" onRun={remove} />
      {name === null ? null : (
        <Dialog title={texts.rename} onClose={() => setName(null)}>
          <h2>{texts.rename}</h2>
          <TextField label={texts.title} value={name} onInput={setName} />
          <div class="dialog-actions">
            <Button label={t().actions.cancel} onRun={() => setName(null)} />
            <Button kind="primary" label={t().actions.save} onRun={rename} />
          </div>
        </Dialog>
      )}
    </>
  )
}
