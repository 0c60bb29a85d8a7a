/** The keys with what can be done to each. */
import { call } from '../../core/api.ts'
import { t } from '../../texts/index.ts'
import { Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { confirm } from '../../ui/dialog.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'
import type { Key, MadeKey } from './key.ts'

interface KeyTableProps {
  keys: readonly Key[]
  reload: () => Promise<void>
  onMade: (key: MadeKey) => void
}

export function KeyTable({ keys, reload, onMade }: KeyTableProps) {
  const texts = t().keys
  if (keys.length === 0)
    return (
      <Empty icon="keys" title={texts.none}>
        {texts.noneMeans}
      </Empty>
    )
  return (
    <Table
      label={t().views.keys}
      rows={keys}
      rowKey={(row) => row.id}
      columns={[
        {
          name: texts.name,
          cell: (row) => (
            <>
              <strong class="cell-name">{plain(row.name, 80)}</strong>
              {row.note ? <p class="muted small">{plain(row.note, 200)}</p> : null}
            </>
          ),
        },
        { name: texts.prefix, cell: (row) => <span class="mono">{plain(row.prefix, 24)}…</span>, wide: true },
        {
          name: texts.scopes,
          cell: (row) => (
            <span class="row">
              {row.scopes.map((scope) => (
                <span key={scope} class="chip">
                  {scope}
                </span>
              ))}
            </span>
          ),
        },
        { name: texts.state, cell: (row) => <State state={row.state} /> },
        {
          name: texts.expires,
          cell: (row) => (row.expires_at ? <Time at={row.expires_at} date /> : texts.never),
          wide: true,
        },
        { name: texts.lastUse, cell: (row) => <Time at={row.last_used_at} ago />, wide: true },
        { name: texts.actions, cell: (row) => <Actions row={row} reload={reload} onMade={onMade} /> },
      ]}
    />
  )
}

/** Of a reroll: time enough to bring the new secret to where it belongs. */
const overlapS = 3600

function Actions({ row, reload, onMade }: { row: Key } & Omit<KeyTableProps, 'keys'>) {
  const texts = t().keys
  const path = `operator/api/keys/${encodeURIComponent(row.id)}`
  const isOver = row.state === 'revoked' ? texts.over : null
  const reroll = async () => {
    if (
      !(await confirm({ title: texts.rerollTitle, body: texts.rerollBody(plain(row.name, 80)), action: texts.reroll }))
    )
      return
    onMade(await call<MadeKey>(`${path}/reroll`, { method: 'POST', json: { overlap_seconds: overlapS } }))
  }
  const revoke = async () => {
    if (
      !(await confirm({
        title: texts.revokeTitle,
        body: texts.revokeBody(plain(row.name, 80)),
        action: texts.revoke,
        danger: true,
      }))
    )
      return
    await call(path, { method: 'DELETE' })
    toast('ok', texts.revoked)
    await reload()
  }
  return (
    <span class="row">
      <Button kind="quiet" icon="refresh" label={texts.reroll} needs="admin" disabled={isOver} onRun={reroll} />
      <Button kind="quiet" icon="trash" label={texts.revoke} needs="admin" disabled={isOver} onRun={revoke} />
    </span>
  )
}
