/** The order of the chat's models: why each stands there, and an operator's pin or freeze. */
import { read, vx11 } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import type { Rotation as Report } from '../../core/shapes.ts'
import { t } from '../../texts/index.ts'
import { Answer } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { milliseconds, number, percent } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toast.tsx'

type Model = Report['models'][number]
const route = vx11.operator.api.chat.rotation

export function Rotation() {
  const texts = t().rotation
  const rotation = useReading(() => read(route.$get()), { every: stored, on: 'gateway.chat' })
  return (
    <Panel title={texts.title} note={rotation.data ? texts.modes[rotation.data.mode] : null}>
      <Answer of={rotation}>{(report) => <Order report={report} reload={rotation.reload} />}</Answer>
    </Panel>
  )
}

function Order({ report, reload }: { report: Report; reload: () => Promise<void> }) {
  const texts = t().rotation
  const change = async (pending: Promise<unknown>, done: string) => {
    await pending.finally(reload)
    toast('ok', done)
  }
  const freeze = () =>
    report.frozen
      ? change(read(route.freeze.$delete()), texts.thawed)
      : change(read(route.freeze.$put()), texts.nowFrozen)
  return (
    <div class="stack">
      <p class="muted small">{texts.means[report.mode]}</p>
      <ol class="provider-list">
        {report.models.map((model) => (
          <Standing key={model.model} model={model} report={report} change={change} />
        ))}
      </ol>
      {report.frozen ? (
        <p class="small muted">
          {texts.frozenBy(plain(report.frozen.by ?? '–', 60))} <Time at={report.frozen.at} ago />
        </p>
      ) : null}
      {report.changed ? (
        <p class="small muted">
          {texts.changed} <Time at={report.changed.at} ago />
        </p>
      ) : null}
      <div class="row">
        <Button
          label={report.frozen ? texts.thaw : texts.freeze}
          needs="admin"
          disabled={report.mode === 'off' ? texts.isOff : null}
          onRun={freeze}
        />
      </div>
    </div>
  )
}

interface StandingProps {
  model: Model
  report: Report
  change: (pending: Promise<unknown>, done: string) => Promise<void>
}

function Standing({ model, report, change }: StandingProps) {
  const texts = t().rotation
  const name = plain(model.model, 80)
  const isPinned = report.pinned?.model === model.model
  const pin = () =>
    isPinned
      ? change(read(route.pin.$delete()), texts.unpinned(name))
      : change(read(route.pin.$put({ json: { model: model.model } })), texts.nowPinned(name))
  return (
    <li>
      <div class="row between">
        <strong>{name}</strong>
        <span class="row">
          {isPinned ? <State state="info" label={texts.pinned} /> : null}
          {model.below_floor ? <State state="warn" label={texts.belowFloor} /> : null}
          {model.configured ? null : <State state={null} label={t().states.DORMANT} />}
          <Button
            kind="quiet"
            label={isPinned ? texts.unpin : texts.pin}
            needs="admin"
            disabled={report.mode === 'off' ? texts.isOff : null}
            onRun={pin}
          />
        </span>
      </div>
      <p class="muted small">{whyHere(model, report)}</p>
      {model.asked > 0 ? <Learned model={model} /> : null}
    </li>
  )
}

/** The gateway's own reason in the chosen language, by the same figures. */
function whyHere(model: Model, { pinned, models, window_hours, mode }: Report): string {
  const texts = t().rotation.why
  if (pinned?.model === model.model) return texts.pinned(plain(pinned.by ?? '–', 60))
  if (mode === 'off') return texts.contract
  if (model.worth === null) return texts.notAsked(window_hours)
  if (model.below_floor) return texts.belowFloor(percent((model.quality ?? 0) * 100, 0))
  const before = models[model.position - 2]
  if (!before) return texts.first
  const [mine, theirs] = [model.worth, before.worth]
  if (theirs === null) return texts.notAsked(window_hours)
  const name = plain(before.model, 80)
  return mine <= theirs
    ? texts.worthLess(number(mine, 2), name)
    : texts.notEnoughMore(number(mine, 2), number(theirs, 2), name)
}

function Learned({ model }: { model: Model }) {
  const texts = t().rotation
  const parts = [
    t().chat.record(number(model.answered), number(model.asked - model.answered)),
    model.first_token_ms === null ? null : texts.firstToken(milliseconds(model.first_token_ms)),
    model.tokens_per_s === null ? null : texts.speed(number(model.tokens_per_s, 1)),
    model.cost_usd === null ? null : `${number(model.cost_usd, 5)} USD`,
    model.thumbs_up + model.thumbs_down > 0 ? texts.thumbs(model.thumbs_up, model.thumbs_down) : null,
  ]
  return <p class="muted small">{parts.filter(Boolean).join(' · ')}</p>
}
