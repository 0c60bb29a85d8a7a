/** A module that sleeps or is not configured: why, and what wakes it. */
import { link } from '../core/router.ts'
import { t, word } from '../texts/index.ts'
import { plain } from './hostile-text.ts'
import { Icon } from './icon.tsx'

interface SleepingProps {
  module: string
  reason: string | null | undefined
  hint: string | null | undefined
}

export function Sleeping({ module, reason, hint }: SleepingProps) {
  const texts = t().sleeping
  return (
    <div class="notice tone-sleep" role="status">
      <Icon name="moon" />
      <div>
        <strong>{texts.title(module)}</strong> <span class="muted">{reason ? word(t().reasons, reason) : ''}</span>
        {hint ? <p class="hint">{plain(hint, 400)}</p> : null}
        {reason === 'off_by_policy' || hint?.includes('window/open') ? (
          <p>
            <a href={link('windows', null, { open: '1' })}>{t().windows.open}</a>
          </p>
        ) : null}
      </div>
    </div>
  )
}
