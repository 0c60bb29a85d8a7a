/** The window that is open, with its countdown and who uses it; or that none is. */
import { read, vx11 } from '../../core/api.ts'
import type { WindowStatus } from '../../core/shapes.ts'
import { t, word } from '../../texts/index.ts'
import { reasonText } from '../../ui/advice.ts'
import { Button } from '../../ui/button.tsx'
import { confirm } from '../../ui/dialog.tsx'
import { number, seconds } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Icon } from '../../ui/icon.tsx'
import { Facts, Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { countdown, Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'
import { Extend } from './extend.tsx'

interface CurrentProps {
  window: WindowStatus
  reload: () => Promise<void>
  onOpen: () => void
  opening: boolean
}

const own = ['madre', 'tentaculo_link']
export const wokenBy = (window: WindowStatus) => window.active_services.filter((name) => !own.includes(name))

export function CurrentWindow({ window, reload, onOpen, opening }: CurrentProps) {
  const texts = t().windows
  return (
    <>
      {window.degraded ? (
        <div class="notice tone-warn" role="status">
          <Icon name="alert" />
          <div>
            {texts.madreSilent} {window.reason ? reasonText(window.reason) : ''}
          </div>
        </div>
      ) : null}
      {window.window_id === null ? (
        <Panel class="no-window">
          <div class="row between">
            <div class="window-none">
              <Icon name="moon" size={30} />
              <div>
                <h2>{texts.none}</h2>
                <p class="muted">
                  {texts.noneMeans} <span class="chip">{word(t().modes, window.policy)}</span>
                </p>
              </div>
            </div>
            {opening ? null : <Button kind="primary" icon="plus" label={texts.open} needs="admin" onRun={onOpen} />}
          </div>
        </Panel>
      ) : (
        <OpenWindow window={window} reload={reload} />
      )}
    </>
  )
}

function OpenWindow({ window, reload }: Pick<CurrentProps, 'window' | 'reload'>) {
  const texts = t().windows
  const woken = wokenBy(window)
  const close = async () => {
    const yes = await confirm({
      title: texts.closeTitle,
      body: texts.closeBody(woken.join(', ')),
      action: texts.close,
      danger: true,
    })
    if (!yes) return
    await read(vx11.operator.api.window.close.$post())
    toast('ok', texts.closed)
    await reload()
  }
  return (
    <Panel
      title={texts.current}
      note={<span class="mono">{window.window_id}</span>}
      actions={
        <>
          <Extend window={window} reload={reload} />
          <Button kind="danger" icon="moon" label={texts.close} needs="admin" onRun={close} />
        </>
      }
    >
      <div class="window-open">
        <Clock window={window} />
        <Facts
          of={[
            [
              texts.services,
              <span class="row">
                {woken.map((name) => (
                  <span key={name} class="chip">
                    {name}
                  </span>
                ))}
              </span>,
            ],
            [texts.mode, word(t().modes, window.policy)],
            [texts.opened, <Time at={window.created_at} date />],
            ...(window.woken ? [[texts.wokenBy, <Woken by={window.woken} />] as const] : []),
            [texts.ends, window.deadline ? <Time at={window.deadline} date /> : texts.whenClosed],
            ...(window.renewal ? [[texts.renewal, texts.renewalMeans(window.renewal.ttl_seconds)] as const] : []),
          ]}
        />
      </div>
      {Object.keys(window.activity).length > 0 ? <Activity window={window} /> : null}
    </Panel>
  )
}

/** Null where an operator opened it. */
function Woken({ by: { by, name, idle_seconds } }: { by: NonNullable<WindowStatus['woken']> }) {
  const texts = t().windows
  return (
    <>
      {texts.woke[by]} <bdi>{plain(name, 80)}</bdi>
      {idle_seconds === null ? null : <span class="muted small"> · {texts.endsUnused(seconds(idle_seconds))}</span>}
    </>
  )
}

function Clock({ window }: { window: WindowStatus }) {
  const until = window.deadline ? Date.parse(window.deadline) : null
  const total = window.ttl_seconds ?? 0
  const left = until === null ? 1 : Math.max(0, Math.min(1, (until - Date.now()) / 1000 / Math.max(1, total)))
  return (
    <div class="clock" role="timer" aria-label={t().windows.remaining}>
      <svg viewBox="0 0 120 120" aria-hidden="true">
        <circle cx="60" cy="60" r="52" class="ring" />
        <circle cx="60" cy="60" r="52" class="left" pathLength="1" stroke-dasharray={`${left} 1`} />
      </svg>
      <span>
        <strong>{until === null ? '∞' : countdown(until)}</strong>
        <small>{until === null ? t().windows.held : t().windows.remaining}</small>
      </span>
    </div>
  )
}

function Activity({ window }: { window: WindowStatus }) {
  const texts = t().windows
  return (
    <Table
      label={texts.activity}
      rows={Object.entries(window.activity)}
      rowKey={([name]) => name}
      columns={[
        { name: texts.service, cell: ([name]) => name },
        {
          name: texts.inUse,
          cell: ([, use]) => (
            <State
              state={use.requests + use.sockets > 0 ? 'active' : null}
              label={use.requests + use.sockets > 0 ? texts.busy : texts.idle}
            />
          ),
        },
        { name: texts.requests, cell: ([, use]) => number(use.requests), figures: true },
        { name: texts.streams, cell: ([, use]) => number(use.streams), figures: true },
        { name: texts.sockets, cell: ([, use]) => number(use.sockets), figures: true },
        { name: texts.lastUse, cell: ([, use]) => <Time at={use.last_activity} ago /> },
      ]}
    />
  )
}
