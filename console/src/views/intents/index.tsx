/** Hands madre an intent, and finds what became of one. */
import { useState } from 'preact/hooks'
import { call } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { go, link, place } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Json } from '../../ui/json.tsx'
import { Facts, Panel } from '../../ui/panel.tsx'
import { State } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { NewIntent } from './new-intent.tsx'

interface Result extends Record<string, unknown> {
  status?: string
  mode?: string
  timestamp?: string
  correlation_id?: string
}

export default function Intents() {
  const { id } = place.value
  const texts = t().intents
  const [typed, setTyped] = useState(id ?? '')
  const find = (event: Event) => {
    event.preventDefault()
    if (typed.trim()) go(link('intents', typed.trim()))
  }
  return (
    <div class="stack">
      <NewIntent />
      <Panel title={texts.result}>
        <form class="filters" role="search" onSubmit={find}>
          <div class="grow field">
            <TextField label={texts.id} value={typed} onInput={setTyped} hint={texts.idMeans} />
          </div>
          <Button submit icon="search" label={t().timeline.find} onRun={() => undefined} />
        </form>
        {id ? <Found key={id} id={id} /> : <Empty icon="intents" title={texts.noneChosen} />}
      </Panel>
    </div>
  )
}

function Found({ id }: { id: string }) {
  const texts = t().intents
  const result = useReading(() => call<Result>(`vx11/result/${encodeURIComponent(id)}`), { key: id, every: stored })
  return (
    <div class="stack found">
      <Answer of={result}>
        {(data) => (
          <>
            <Facts
              of={[
                [
                  texts.status,
                  <State
                    state={data.status === 'DONE' ? 'done' : data.status === 'ERROR' ? 'failed' : 'running'}
                    label={data.status ?? '–'}
                  />,
                ],
                [texts.mode, data.mode ?? '–'],
                [t().events.when, <Time at={data.timestamp} date />],
                [
                  t().events.correlation,
                  data.correlation_id ? (
                    <a class="mono" href={link('timeline', data.correlation_id)}>
                      {data.correlation_id}
                    </a>
                  ) : (
                    '–'
                  ),
                ],
              ]}
            />
            <Json value={data} label={texts.result} />
          </>
        )}
      </Answer>
    </div>
  )
}
