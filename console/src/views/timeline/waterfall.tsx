/** Everything under one id on one axis. */
import { read, vx11 } from '../../core/api.ts'
import { Problem } from '../../core/problem.ts'
import { stored, useReading } from '../../core/reading.ts'
import { link, place, setQuery } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { copy } from '../../ui/copy.ts'
import { milliseconds, seconds } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Time } from '../../ui/time.tsx'
import { type Axis, axisOf } from './axis.ts'
import { type Bar, barsOf, type Correlation, type Kind } from './bars.ts'
import { verdictOf } from './verdict.ts'

const icons: Record<Kind, IconName> = {
  event: 'events',
  chat: 'chat',
  request: 'arrow',
  routing: 'hermes',
  window: 'windows',
  step: 'down',
}
const zooms = [1, 2, 4, 8] as const

/** Null where nothing that the reader may see is recorded. */
const readCorrelation = (id: string): Promise<Correlation | null> =>
  read(vx11.operator.api.correlations[':id{.+}'].$get({ param: { id } })).catch((error: unknown) => {
    if (error instanceof Problem && error.code === 'correlation_not_found') return null
    throw error
  })

export function Waterfall({ id }: { id: string }) {
  const timeline = useReading(() => readCorrelation(id), { every: stored, key: id })
  return (
    <Answer of={timeline}>
      {(data) => {
        const bars = data ? barsOf(data) : []
        if (!data || bars.length === 0)
          return (
            <Panel>
              <Empty icon="timeline" title={t().timeline.nothing}>
                {t().timeline.nothingMeans}
              </Empty>
            </Panel>
          )
        return <Drawn id={id} bars={bars} data={data} />
      }}
    </Answer>
  )
}

function Drawn({ id, bars, data }: { id: string; bars: readonly Bar[]; data: Correlation }) {
  const texts = t().timeline
  const axis = axisOf(bars)
  const zoom = Number(place.value.query.get('zoom') ?? 1)
  const verdict = verdictOf(data, bars)
  return (
    <>
      <div class={`notice tone-${verdict.tone}`} role="status">
        <Icon name={verdict.tone === 'ok' ? 'check' : 'alert'} />
        <div>{plain(verdict.sentence, 600)}</div>
      </div>
      <Panel
        title={texts.waterfall}
        note={
          <>
            {seconds((axis.to - axis.from) / 1000)} · <Time at={axis.from} date />
          </>
        }
        actions={
          <>
            {zooms.map((each) => (
              <Button
                key={each}
                kind="quiet"
                label={`${each}×`}
                pressed={zoom === each}
                onRun={() => setQuery({ zoom: each === 1 ? null : String(each) })}
              />
            ))}
            <Button kind="quiet" bare icon="copy" label={texts.copyId} onRun={() => copy(id)} />
          </>
        }
        flush
      >
        <div class="waterfall-frame" tabIndex={0} role="group" aria-label={texts.waterfall}>
          <ol class="waterfall" style={{ width: `${zoom * 100}%` }}>
            {bars.map((bar) => (
              <BarRow key={bar.key} bar={bar} axis={axis} />
            ))}
          </ol>
        </div>
      </Panel>
      {data.truncated ? <p class="muted small">{texts.incomplete}</p> : null}
    </>
  )
}

function BarRow({ bar, axis }: { bar: Bar; axis: Axis }) {
  const [left, right] = [axis.place(bar.start), axis.place(bar.end)]
  const words = (
    <>
      <span class="bar-title mono">{plain(bar.title, 80)}</span>{' '}
      <bdi class="bar-detail" lang={bar.lang} title={plain(bar.detail, 400)}>
        {plain(bar.detail, 200)}
      </bdi>
    </>
  )
  return (
    <li class={bar.failed ? 'tone-bad' : `kind-${bar.kind}`}>
      <div class="bar-words" style={{ paddingInlineStart: `${bar.depth * 18}px` }}>
        <Icon name={icons[bar.kind]} size={14} />{' '}
        <span class="visually-hidden">
          {t().timeline.kinds[bar.kind]}
          {bar.failed ? `, ${t().states.failed}` : ''}:{' '}
        </span>
        {bar.eventId === null ? words : <a href={link('events', String(bar.eventId))}>{words}</a>}
      </div>
      <div class="bar-track">
        {axis.gaps.map((gap) => (
          <i
            key={gap.at}
            class="gap"
            style={{ left: `${gap.at * 100}%` }}
            title={t().timeline.idle(seconds(gap.idleMs / 1000))}
          />
        ))}
        <i
          class="bar"
          style={{ left: `${left * 100}%`, width: `max(8px, ${(right - left) * 100}%)` }}
          title={bar.end > bar.start ? milliseconds(bar.end - bar.start) : ''}
        />
      </div>
      <span class="bar-time small muted">
        +{milliseconds(bar.start - axis.from)}
        {bar.end > bar.start ? ` · ${milliseconds(bar.end - bar.start)}` : ''}
      </span>
    </li>
  )
}
