/** Whether the page is visible: hidden tabs request nothing. */
import { signal } from '@preact/signals'

export const visible = signal(document.visibilityState === 'visible')
document.addEventListener('visibilitychange', () => {
  visible.value = document.visibilityState === 'visible'
})

/** The moment, once a second while the page is visible: countdowns and "ago" read it. */
export const now = signal(Date.now())
setInterval(() => {
  if (visible.value) now.value = Date.now()
}, 1000)
