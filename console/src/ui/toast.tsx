/** Short notes about what was done or failed, read out by screen readers, gone by themselves. */
import { signal } from '@preact/signals'
import { t } from '../texts/index.ts'
import { plain } from './hostile-text.ts'
import { Icon } from './icon.tsx'

interface Note {
  id: number
  tone: 'ok' | 'bad'
  title: string
  /** What to do. */
  hint?: string | null
  /** The gateway's own words. */
  said?: string | null
}

const notes = signal<Note[]>([])
let count = 0

export function toast(tone: Note['tone'], title: string, more: Pick<Note, 'hint' | 'said'> = {}): void {
  const id = ++count
  notes.value = [...notes.value.slice(-3), { id, tone, title, ...more }]
  setTimeout(() => dismiss(id), tone === 'ok' ? 5000 : 12_000)
}

const dismiss = (id: number) => {
  notes.value = notes.value.filter((note) => note.id !== id)
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {notes.value.map((note) => (
        <div key={note.id} class={`toast tone-${note.tone}`}>
          <Icon name={note.tone === 'ok' ? 'check' : 'alert'} />
          <div>
            <strong>{note.title}</strong>
            {note.hint ? <p>{plain(note.hint, 300)}</p> : null}
            {note.said ? <p lang="en">{plain(note.said, 300)}</p> : null}
          </div>
          <button
            type="button"
            class="button quiet bare"
            aria-label={t().actions.close}
            onClick={() => dismiss(note.id)}
          >
            <Icon name="close" size={12} />
          </button>
        </div>
      ))}
    </div>
  )
}
