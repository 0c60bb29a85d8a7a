/** Starts the console: texts, the view of the address and what it asks first are fetched at once; then all is drawn. */
import { effect } from '@preact/signals'
import { render } from 'preact'
import { sendEarly } from './core/api.ts'
import { language } from './core/preferences.ts'
import { place } from './core/router.ts'
import { token } from './core/session.ts'
import { visible } from './core/visible.ts'
import { Console } from './shell/console.tsx'
import { frameReadings } from './shell/frame.tsx'
import { loadView, viewNamed } from './shell/views.ts'
import './styles/index.css'
import { loadTexts } from './texts/index.ts'

const texts = loadTexts()
const view = viewNamed(place.value.view)
if (token.value && view) loadView(view.load).catch(() => undefined)
// In a turn of its own: files that the drawing waits for get the first connections.
const readings = [...frameReadings, ...(view?.first ?? [])]
if (token.value && visible.value) setTimeout(() => sendEarly(readings))

await texts
effect(() => {
  if (language.value) void loadTexts()
})
const root = document.getElementById('console')
if (root) render(<Console />, root)
