/** Starts the console: texts first, then the page. */
import { effect } from '@preact/signals'
import { render } from 'preact'
import { language } from './core/preferences.ts'
import { Console } from './shell/console.tsx'
import './styles/index.css'
import { loadTexts } from './texts/index.ts'

const place = document.getElementById('console')

await loadTexts()
effect(() => {
  if (language.value) void loadTexts()
})
if (place) render(<Console />, place)
