/** Ctrl-K: views, services, correlation ids and actions, by a few letters. */
import { signal } from '@preact/signals'
import { useMemo, useState } from 'preact/hooks'
import { go } from '../core/router.ts'
import { t } from '../texts/index.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icon.tsx'
import { type Command, commands } from './commands.ts'

export const paletteOpen = signal(false)

const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** All words of the query, in any order. */
function matching(query: string): Command[] {
  const words = folded(query).split(/\s+/).filter(Boolean)
  return commands(query.trim())
    .filter(({ title, hint }) => words.every((each) => folded(`${title} ${hint}`).includes(each)))
    .slice(0, 12)
}

export function Palette() {
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const found = useMemo(() => matching(query), [query])
  const close = () => {
    paletteOpen.value = false
  }
  const run = (command: Command | undefined) => {
    if (!command) return
    close()
    if (typeof command.target === 'string') go(command.target)
    else command.target()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step) setChosen((chosen + step + found.length) % Math.max(1, found.length))
    else if (event.key === 'Enter') run(found[chosen])
    else return
    event.preventDefault()
  }
  return (
    <Dialog title={t().shell.search} onClose={close} class="palette">
      <div class="palette-field">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found[chosen] ? `palette-${chosen}` : undefined}
          aria-label={t().shell.search}
          placeholder={t().palette.placeholder}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value)
            setChosen(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id="palette-list" role="listbox" aria-label={t().palette.results} class="palette-list">
        {found.map((command, index) => (
          <div
            key={command.key}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onClick={() => run(command)}
            onMouseMove={() => setChosen(index)}
          >
            <Icon name={command.icon} /> <span>{command.title}</span> <small>{command.hint}</small>
          </div>
        ))}
      </div>
      {found.length === 0 ? <p class="muted palette-none">{t().palette.none}</p> : null}
    </Dialog>
  )
}
