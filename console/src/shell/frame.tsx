/** Navigation, top bar and the view of the place; the event stream lives as long as it. */
import { useEffect, useState } from 'preact/hooks'
import { loadPrincipal } from '../core/principal.ts'
import { asProblem } from '../core/problem.ts'
import { place } from '../core/router.ts'
import { signOut } from '../core/session.ts'
import { forgetEvents, latestPath } from '../live/events.ts'
import { followEvents } from '../live/stream.ts'
import { t } from '../texts/index.ts'
import { Navigation } from './navigation.tsx'
import { Palette, paletteOpen } from './palette.tsx'
import { TopBar } from './top-bar.tsx'
import { ViewOf } from './view-of.tsx'
import { viewNamed } from './views.ts'

/** What it asks as soon as it is drawn. */
export const frameReadings = ['operator/api/whoami', latestPath]

export function Frame() {
  const [menu, setMenu] = useState(false)
  const { view } = place.value
  const known = viewNamed(view)
  const title = known ? t().views[known.name] : t().shell.unknownView

  useEffect(() => {
    const line = new AbortController()
    loadPrincipal().catch((error) => asProblem(error).fault === 'refused' && signOut('refused'))
    void followEvents(line.signal)
    return () => {
      line.abort()
      forgetEvents()
    }
  }, [])
  useEffect(() => {
    document.title = `${title} · Tentáculo Link`
    setMenu(false)
    window.scrollTo(0, 0)
  }, [title])
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return
      event.preventDefault()
      paletteOpen.value = !paletteOpen.value
    }
    addEventListener('keydown', open)
    return () => removeEventListener('keydown', open)
  }, [])

  return (
    <div class={`frame ${menu ? 'menu-open' : ''}`}>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        {t().shell.skip}
      </button>
      <Navigation current={view} open={menu} onClose={() => setMenu(false)} />
      <div class="stage">
        <TopBar title={title} onMenu={() => setMenu(true)} menu={menu} />
        <main id="main" tabIndex={-1} aria-label={title}>
          {known ? <ViewOf key={known.name} load={known.load} /> : <p class="muted">{t().shell.unknownView}</p>}
        </main>
      </div>
      {paletteOpen.value ? <Palette /> : null}
    </div>
  )
}
