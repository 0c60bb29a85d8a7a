/** Finds a correlation by its id. */
import { useState } from 'preact/hooks'
import { go, link } from '../../core/router.ts'
import { recentEvents } from '../../live/events.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/fields.tsx'

export function Search({ id }: { id: string | null }) {
  const [typed, setTyped] = useState(id ?? '')
  const known = [...new Set(recentEvents().flatMap(({ correlation_id }) => correlation_id ?? []))].slice(-50)
  const search = (event: Event) => {
    event.preventDefault()
    if (typed.trim()) go(link('timeline', typed.trim()))
  }
  return (
    <form class="filters" role="search" onSubmit={search}>
      <div class="grow field">
        <TextField label={t().timeline.id} value={typed} onInput={setTyped} list={known} />
      </div>
      <Button kind="primary" submit icon="search" label={t().timeline.find} onRun={() => undefined} />
    </form>
  )
}
