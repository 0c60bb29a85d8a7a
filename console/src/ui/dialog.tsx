/** Modal dialogs on the platform's own <dialog>: focus stays inside, Escape closes, focus returns. */
import { signal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../texts/index.ts'
import { Button } from './button.tsx'

interface DialogProps {
  title: string
  onClose: () => void
  children: ComponentChildren
  class?: string
}

export function Dialog({ title, onClose, children, class: extra = '' }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = element.current
    const before = document.activeElement
    dialog?.showModal()
    // The platform gives the focus back only while the dialog is in the document.
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={element}
      class={`dialog ${extra}`}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onMouseDown={(event) => event.target === element.current && onClose()}
    >
      <div class="dialog-box">{children}</div>
    </dialog>
  )
}

interface Question {
  title: string
  /** What will happen, in a sentence or two. */
  body: ComponentChildren
  action: string
  danger?: boolean
}

const asked = signal<(Question & { answer: (yes: boolean) => void }) | null>(null)

export const confirm = (question: Question): Promise<boolean> =>
  new Promise((resolve) => {
    asked.value = {
      ...question,
      answer: (yes) => {
        asked.value = null
        resolve(yes)
      },
    }
  })

export function Confirmation() {
  const question = asked.value
  if (!question) return null
  return (
    <Dialog title={question.title} onClose={() => question.answer(false)} class="confirm">
      <h2>{question.title}</h2>
      <div class="dialog-text">{question.body}</div>
      <div class="dialog-actions">
        <Button label={t().actions.cancel} onRun={() => question.answer(false)} />
        <Button
          label={question.action}
          kind={question.danger ? 'danger' : 'primary'}
          onRun={() => question.answer(true)}
        />
      </div>
    </Dialog>
  )
}
