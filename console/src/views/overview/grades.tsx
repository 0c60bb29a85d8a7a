/** The production gates and the scorecard, with what each found. */
import { read, vx11 } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import type { Gates, Scorecard } from '../../core/shapes.ts'
import { t, word } from '../../texts/index.ts'
import { Answer } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { percent } from '../../ui/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'

export function Grades() {
  const texts = t().overview
  const gates = useReading(() => read(vx11.operator.api.gates.$get({ query: {} })), { every: stored })
  const card = useReading(() => read(vx11.operator.api.scorecard.$get()), { every: stored })
  const runNow = async () => {
    await read(vx11.operator.api.gates.$get({ query: { fresh: 'true' } }))
    await Promise.all([gates.reload(), card.reload()])
  }
  return (
    <Panel
      title={texts.gates}
      note={gates.data ? <Time at={gates.data.checked_at} ago /> : null}
      actions={<Button kind="quiet" icon="refresh" label={texts.runGates} onRun={runNow} />}
    >
      <Answer of={card}>{(data) => <Score card={data} />}</Answer>
      <Answer of={gates}>{(data) => <GateList gates={data} />}</Answer>
    </Panel>
  )
}

function Score({ card }: { card: Scorecard }) {
  const parts = [
    [t().overview.order, card.order_fs_pct],
    [t().overview.coherence, card.coherencia_routing_pct],
    [t().overview.automation, card.automatizacion_pct],
    [t().overview.autonomy, card.autonomia_pct],
  ] as const
  return (
    <div class="score">
      {parts.map(([name, value]) => (
        <div key={name}>
          <span class="row between">
            <span class="small muted">{name}</span>
            <strong>{percent(value, 0)}</strong>
          </span>
          <span class="meter">
            <i style={{ width: `${value ?? 0}%` }} />
          </span>
        </div>
      ))}
    </div>
  )
}

function GateList({ gates }: { gates: Gates }) {
  return (
    <ul class="gate-list">
      {gates.gates.map((gate) => (
        <li key={gate.gate}>
          <details>
            <summary>
              <State state={gate.verdict} /> <span>{word(t().gates, gate.gate)}</span>
            </summary>
            <p class="muted">
              <Said text={gate.measured} />
            </p>
            {gate.findings.map((finding) => (
              <p key={finding}>
                <Said text={finding} />
              </p>
            ))}
            {gate.action ? (
              <p class="hint">
                {t().overview.whatToDo}: {word(t().gateActions, gate.gate)}
              </p>
            ) : null}
          </details>
        </li>
      ))}
    </ul>
  )
}
