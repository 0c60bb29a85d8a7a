/** The way in: one password field, Enter is enough, password managers know what it is. */
import { useState } from 'preact/hooks'
import { send } from '../core/api.ts'
import { Problem } from '../core/problem.ts'
import { endedBecause, signIn } from '../core/session.ts'
import { t } from '../texts/index.ts'
import { Check, TextField } from '../ui/fields.tsx'
import { Icon } from '../ui/icon.tsx'
import { Mark } from './mark.tsx'
import { Switches } from './switches.tsx'

type Fault = 'refused' | 'limited' | 'unreachable'

async function faultOf(token: string): Promise<Fault | null> {
  try {
    const headers = new Headers({ 'x-vx11-token': token })
    const { status } = await send('operator/api/window/status', { headers })
    if (status === 429) return 'limited'
    return status === 401 || status === 403 ? 'refused' : null
  } catch (error) {
    // A header takes no such characters, so no token has them either.
    return error instanceof Problem ? 'unreachable' : 'refused'
  }
}

export function Entry() {
  const texts = t().entry
  const [typed, setTyped] = useState('')
  const [forAMonth, setForAMonth] = useState(false)
  const [fault, setFault] = useState<Fault | null>(null)
  const [busy, setBusy] = useState(false)

  const enter = async (event: Event) => {
    event.preventDefault()
    const token = typed.trim()
    if (!token || busy) return
    setBusy(true)
    const found = await faultOf(token)
    setBusy(false)
    setFault(found)
    if (!found) signIn(token, forAMonth)
  }

  return (
    <main class="entry">
      <div class="entry-switches">
        <Switches />
      </div>
      <form class="entry-card" onSubmit={enter}>
        <Mark />
        <h1>{texts.title}</h1>
        <p class="muted">{texts.lead}</p>
        {endedBecause.value === 'refused' && !fault ? (
          <p class="entry-fault" role="alert">
            <Icon name="alert" /> {texts.ended}
          </p>
        ) : null}
        <input
          class="visually-hidden"
          type="text"
          name="username"
          autoComplete="username"
          value="vx11"
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <TextField
          label={texts.token}
          value={typed}
          onInput={setTyped}
          type="password"
          autoComplete="current-password"
          required
          invalid={fault === 'refused'}
          hint={texts.where}
        />
        {fault ? (
          <p class="entry-fault" role="alert">
            <Icon name="alert" /> {texts.faults[fault]}
          </p>
        ) : null}
        <Check label={texts.remember} checked={forAMonth} onChange={setForAMonth} />
        <button type="submit" class="button primary wide-button" aria-busy={busy}>
          {texts.enter}
        </button>
      </form>
    </main>
  )
}
