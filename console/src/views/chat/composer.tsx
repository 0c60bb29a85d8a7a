/** Where a message is written: Enter sends, Shift-Enter breaks the line. */
import { useState } from 'preact/hooks'
import { lacking } from '../../core/principal.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { number } from '../../ui/format.ts'
import type { Exchange } from './exchange.ts'

const longest = 4000

export function Composer({ exchange }: { exchange: Exchange }) {
  const texts = t().chat
  const [draft, setDraft] = useState('')
  const length = [...draft].length
  const refusal =
    lacking('operator') === null || !lacking('operator')?.includes('operator') ? null : lacking('operator')
  const submit = (event: Event) => {
    event.preventDefault()
    const message = draft.trim()
    if (!message || length > longest || exchange.running) return
    setDraft('')
    void exchange.ask(message)
  }
  return (
    <form class="composer" onSubmit={submit}>
      <label class="visually-hidden" for="message">
        {texts.message}
      </label>
      <textarea
        id="message"
        rows={2}
        value={draft}
        placeholder={texts.placeholder}
        aria-invalid={length > longest || undefined}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) submit(event)
        }}
      />
      <div class="row between">
        <span class={`small ${length > longest ? 'too-long' : 'muted'}`}>
          {length > longest * 0.8 ? `${number(length)} / ${number(longest)}` : texts.enterSends}
        </span>
        {exchange.running ? (
          <Button icon="close" label={texts.stop} onRun={exchange.stop} />
        ) : (
          <Button kind="primary" submit label={texts.send} disabled={refusal} onRun={() => undefined} />
        )}
      </div>
    </form>
  )
}
