/** A module that sleeps or is not configured: why, and what wakes it. */
import { link } from '../core/router.ts'
import { t, word } from '../texts/index.ts'
import { adviceOn } from './advice.ts'
import { plain } from './hostile-text.ts'
import { Icon } from './icon.tsx'

function whyAsleep(reason: string | null | undefined, isByPolicy: boolean): string {
  if (isByPolicy) return t().reasons.off_by_policy
  return reason ? plain(word(t().reasons, reason), 300) : ''
}

interface SleepingProps {
  module: string
  reason: string | null | undefined
  hint: string | null | undefined
}

export function Sleeping({ module, reason, hint }: SleepingProps) {
  const texts = t().sleeping
  const isByPolicy = reason === 'off_by_policy' || (hint?.includes('window/open') ?? false)
  return (
    <div class="notice tone-sleep" role="status">
      <Icon name="moon" />
      <div>
        <strong>{texts.title(module)}</strong> <span class="muted">{whyAsleep(reason, isByPolicy)}</span>
        {hint && !isByPolicy ? <p class="hint">{adviceOn(module, hint)}</p> : null}
        {isByPolicy ? (
          <p>
            <a href={link('windows', null, { open: '1' })}>{t().windows.open}</a>
          </p>
        ) : null}
      </div>
    </div>
  )
}
