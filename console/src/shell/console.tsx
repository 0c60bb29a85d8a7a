/** The whole page: the entry without a token, the frame with its view with one. */
import { token } from '../core/session.ts'
import { Confirmation } from '../ui/dialog.tsx'
import { Toasts } from '../ui/toast.tsx'
import { Entry } from './entry.tsx'
import { Frame } from './frame.tsx'

export function Console() {
  return (
    <>
      {token.value ? <Frame key={token.value} /> : <Entry />}
      <Confirmation />
      <Toasts />
    </>
  )
}
