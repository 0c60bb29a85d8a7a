/** Copies text; where the page is no secure context, says so. */
import { t } from '../texts/index.ts'
import { toast } from './toast.tsx'

export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast('ok', t().actions.copied)
  } catch {
    toast('bad', t().actions.copyFailed)
  }
}

/** Saves what was fetched with the token as a file. */
export function saveAs(blob: Blob, name: string): void {
  const anchor = document.createElement('a')
  anchor.href = URL.createObjectURL(blob)
  anchor.download = name
  anchor.click()
  setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000)
}
