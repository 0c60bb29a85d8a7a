/** Title, search, and whether what is shown is live. */
import { t } from '../texts/index.ts'
import { Icon } from '../ui/icon.tsx'
import { LiveBadge } from './live-badge.tsx'
import { paletteOpen } from './palette.tsx'

export function TopBar({ title, onMenu, menu }: { title: string; onMenu: () => void; menu: boolean }) {
  const texts = t().shell
  return (
    <header class="top-bar">
      <button
        type="button"
        class="button quiet bare menu-button"
        aria-label={texts.menu}
        aria-expanded={menu}
        aria-controls="navigation"
        onClick={onMenu}
      >
        <Icon name="menu" size={20} />
      </button>
      <h1>{title}</h1>
      <button
        type="button"
        class="search-button"
        onClick={() => {
          paletteOpen.value = true
        }}
      >
        <Icon name="search" size={15} /> <span>{texts.search}</span> <kbd>Ctrl K</kbd>
      </button>
      <LiveBadge />
    </header>
  )
}
