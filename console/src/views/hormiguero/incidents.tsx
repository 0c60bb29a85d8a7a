/** Hormiguero's incidents, in its own words. */
import { call } from '../../core/api.ts'
import { measured, useReading } from '../../core/reading.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { Json } from '../../ui/json.tsx'
import { Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'

type Incident = Record<string, unknown>
const textOf = (incident: Incident, ...names: string[]) => {
  const value = names.map((name) => incident[name]).find((each) => typeof each === 'string' || typeof each === 'number')
  return value === undefined ? null : String(value)
}

export function Incidents({ asleep }: { asleep: boolean }) {
  const texts = t().hormiguero
  const incidents = useReading(() => call<{ incidents: Incident[] }>('operator/api/hormiguero/incidents?limit=200'), {
    every: measured,
  })
  return (
    <Panel title={texts.incidents} flush>
      <Answer of={incidents}>
        {(data) =>
          data.incidents.length === 0 ? (
            <Empty icon={asleep ? 'moon' : 'check'} title={asleep ? texts.unknownWhileAsleep : texts.noIncidents} />
          ) : (
            <ul class="incident-list">
              {data.incidents.map((incident, index) => (
                <li key={textOf(incident, 'id', 'incident_id') ?? index}>
                  <details>
                    <summary class="row">
                      <State state={textOf(incident, 'severity', 'level')} />
                      <bdi class="break">
                        {plain(
                          textOf(incident, 'title', 'summary', 'description', 'type', 'incident_type') ??
                            texts.incident,
                          200,
                        )}
                      </bdi>
                      <span class="muted small">
                        {textOf(incident, 'status') ?? ''}{' '}
                        <Time at={textOf(incident, 'detected_at', 'created_at', 'timestamp')} ago />
                      </span>
                    </summary>
                    <Json value={incident} label={texts.incident} />
                  </details>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
    </Panel>
  )
}
