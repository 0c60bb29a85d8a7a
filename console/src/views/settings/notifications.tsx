/** Where notifications go and whether they arrive; a test sends one now. */
import { call, read, vx11 } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import type { Webhooks } from '../../core/shapes.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { type Column, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'

type Webhook = Webhooks['webhooks'][number]

export function Notifications() {
  const texts = t().notifications
  const webhooks = useReading(() => read(vx11.operator.api.webhooks.$get()), { every: stored })
  return (
    <Panel title={texts.title} note={texts.note} flush>
      <Answer of={webhooks}>
        {({ webhooks: all }) =>
          all.length === 0 ? (
            <Empty icon="info" title={texts.none}>
              {texts.noneMeans}
            </Empty>
          ) : (
            <Table label={texts.title} columns={columns(webhooks.reload)} rows={all} rowKey={({ name }) => name} />
          )
        }
      </Answer>
    </Panel>
  )
}

function columns(reload: () => Promise<void>): Column<Webhook>[] {
  const texts = t().notifications
  const test = async (name: string) => {
    await call(`operator/api/webhooks/${encodeURIComponent(name)}/test`, { method: 'POST' }).finally(reload)
    toast('ok', texts.delivered(plain(name, 64)))
  }
  return [
    {
      name: texts.name,
      cell: ({ name, preset, address }) => (
        <>
          <bdi>{plain(name, 64)}</bdi> <span class="muted small">{`${preset}, ${plain(address, 80)}`}</span>
        </>
      ),
    },
    { name: texts.state, cell: ({ state }) => <State state={state} /> },
    { name: texts.last, cell: ({ last_delivery }) => <Time at={last_delivery?.at} ago /> },
    { name: texts.waiting, figures: true, cell: ({ backlog }) => backlog.messages + backlog.events },
    { name: texts.error, wide: true, cell: ({ last_error }) => <LastError of={last_error} /> },
    {
      name: texts.test,
      cell: ({ name }) => <Button label={texts.send} needs="admin" onRun={() => test(name)} />,
    },
  ]
}

function LastError({ of }: { of: Webhook['last_error'] }) {
  if (!of) return <span class="muted">–</span>
  return (
    <>
      <span class="mono">{plain(of.reason, 80)}</span> <Time at={of.at} ago />
    </>
  )
}
