/** The power window: what is open and for how long, open, extend, close, and who did it before. */
import { read, vx11 } from '../../core/api.ts'
import { measured, useReading } from '../../core/reading.ts'
import { place, setQuery } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { Answer } from '../../ui/answers.tsx'
import { CurrentWindow } from './current.tsx'
import { WindowHistory } from './history.tsx'
import { OpenForm } from './open-form.tsx'
import { Schedules } from './schedules.tsx'
import './windows.css'

export default function Windows() {
  const window = useReading(() => read(vx11.operator.api.window.status.$get()), {
    every: measured,
    on: 'gateway.window',
  })
  const opening = place.value.query.get('open') === '1'
  return (
    <div class="stack">
      <Answer of={window}>
        {(data) => (
          <>
            <CurrentWindow
              window={data}
              reload={window.reload}
              onOpen={() => setQuery({ open: '1' })}
              opening={opening}
            />
            {data.window_id === null && opening ? (
              <OpenForm
                onDone={() => {
                  setQuery({ open: null })
                  void window.reload()
                }}
              />
            ) : null}
          </>
        )}
      </Answer>
      <p class="muted small">{t().windows.what}</p>
      <Answer of={window}>{(data) => <Schedules window={data} />}</Answer>
      <WindowHistory />
    </div>
  )
}
