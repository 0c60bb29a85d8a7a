/** Windows that open by themselves: by the clock, and whether requests may wake a module. */
import type { WindowStatus } from '../../core/shapes.ts'
import { t, word } from '../../texts/index.ts'
import { Empty } from '../../ui/answers.tsx'
import { seconds } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

type Schedule = WindowStatus['schedules'][number]

export function Schedules({ window }: { window: WindowStatus }) {
  const texts = t().schedules
  return (
    <Panel title={texts.title} note={window.wake_enabled ? texts.wakeOn : texts.wakeOff} flush>
      {window.schedules.length === 0 ? (
        <Empty icon="windows" title={texts.none}>
          {texts.noneMeans}
        </Empty>
      ) : (
        <Table<Schedule>
          label={texts.title}
          rows={window.schedules}
          rowKey={({ name }) => name}
          columns={[
            { name: texts.name, cell: ({ name }) => <strong>{plain(name, 64)}</strong> },
            { name: texts.services, cell: ({ services }) => services.join(', ') },
            {
              name: texts.when,
              cell: ({ cron, timezone }) => (
                <>
                  <span class="mono nowrap">{cron}</span> <span class="muted small">{timezone}</span>
                </>
              ),
            },
            { name: texts.lasts, cell: ({ ttl_seconds }) => seconds(ttl_seconds), figures: true, wide: true },
            { name: texts.next, cell: ({ next_at }) => <Time at={next_at} date /> },
            { name: texts.last, cell: ({ last }) => <LastTurn of={last} /> },
          ]}
        />
      )}
    </Panel>
  )
}

function LastTurn({ of: turn }: { of: Schedule['last'] }) {
  const texts = t().schedules
  if (!turn) return <span class="muted">{texts.notYet}</span>
  return (
    <>
      <State
        state={turn.outcome}
        tone={turn.outcome === 'failed' ? 'bad' : turn.outcome === 'opened' ? 'ok' : 'info'}
        label={texts.outcomes[turn.outcome]}
      />{' '}
      <Time at={turn.due_at} date />
      {turn.reason ? <span class="hint"> {word(t().problems, turn.reason)}</span> : null}
    </>
  )
}
