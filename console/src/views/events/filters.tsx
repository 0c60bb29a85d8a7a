/** The filters, kept in the address. */
import { place, setQuery } from '../../core/router.ts'
import { recentEvents } from '../../live/events.ts'
import { t, word } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import { filterNames } from './filter.ts'

const distinct = (values: readonly (string | null)[]) =>
  [...new Set(values.flatMap((value) => value ?? []))].sort().slice(0, 60)

export function Filters() {
  const texts = t().events
  const { query } = place.value
  const events = recentEvents()
  const set = (name: string) => (value: string) => setQuery({ [name]: value })
  const hasAny = filterNames.some((name) => query.get(name))
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <TextField
        label={texts.type}
        value={query.get('type') ?? ''}
        onInput={set('type')}
        placeholder="gateway.*"
        list={distinct(events.map(({ type }) => type))}
      />
      <SelectField
        label={texts.severity}
        value={query.get('severity') ?? ''}
        onChange={set('severity')}
        options={[
          ['', texts.any],
          ...(['info', 'warn', 'critical'] as const).map((each) => [each, word(t().states, each)] as const),
        ]}
      />
      <TextField
        label={texts.module}
        value={query.get('module') ?? ''}
        onInput={set('module')}
        list={distinct(events.map(({ module }) => module))}
      />
      <div class="grow field">
        <TextField label={texts.text} value={query.get('text') ?? ''} onInput={set('text')} type="search" />
      </div>
      {hasAny ? (
        <Button
          kind="quiet"
          icon="close"
          label={texts.clear}
          onRun={() => setQuery({ type: null, severity: null, module: null, text: null })}
        />
      ) : null}
    </form>
  )
}
