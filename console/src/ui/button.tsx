/** Buttons that run something: busy while it runs, disabled with the reason, their failure said aloud. */
import { useState } from 'preact/hooks'
import { lacking, type Scope } from '../core/principal.ts'
import { asProblem } from '../core/problem.ts'
import { Icon, type IconName } from './icon.tsx'
import { problemWords } from './problem-words.ts'
import { toast } from './toast.tsx'

interface ButtonProps {
  label: string
  onRun: () => unknown
  icon?: IconName
  kind?: 'plain' | 'primary' | 'danger' | 'quiet'
  /** Only the icon is drawn, the label is read out. */
  bare?: boolean
  /** Changes something: then scope and observer mode decide. */
  needs?: Scope
  /** Why it cannot run now. */
  disabled?: string | null | undefined
  pressed?: boolean
  submit?: boolean
}

export function Button({ label, onRun, icon, kind = 'plain', bare, needs, disabled, pressed, submit }: ButtonProps) {
  const [busy, setBusy] = useState(false)
  const reason = (needs ? lacking(needs) : null) ?? disabled ?? null
  const run = async () => {
    if (reason || busy) return
    setBusy(true)
    try {
      await onRun()
    } catch (error) {
      const { title, hint, said } = problemWords(asProblem(error))
      toast('bad', title, { hint, said })
    } finally {
      setBusy(false)
    }
  }
  return (
    <button
      type={submit ? 'submit' : 'button'}
      class={`button ${kind} ${bare ? 'bare' : ''}`}
      aria-disabled={reason || busy ? 'true' : undefined}
      aria-busy={busy || undefined}
      aria-pressed={pressed}
      aria-label={bare ? label : undefined}
      title={reason ?? (bare ? label : undefined)}
      onClick={submit ? undefined : run}
    >
      {icon ? <Icon name={icon} /> : null}
      {bare ? null : <span>{label}</span>}
      {reason ? <span class="visually-hidden"> – {reason}</span> : null}
    </button>
  )
}
