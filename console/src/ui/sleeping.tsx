/** A module that sleeps or is not configured: why, and what wakes it. */
import { link } from '../core/router.ts'
import { t, word } from '../texts/index.ts'
import { adviceOn } from './advice.ts'
import { Icon } from './icon.tsx'
import { Said } from './said.tsx'

function WhyAsleep({ reason, isByPolicy }: { reason: string | null | undefined; isByPolicy: boolean }) {
  const { reasons } = t()
  if (isByPolicy) return <>{reasons.off_by_policy}</>
  if (!reason) return null
  return Object.hasOwn(reasons, reason) ? <>{word(reasons, reason)}</> : <Said text={reason} limit={300} />
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
        <strong>{texts.title(module)}</strong>{' '}
        <span class="muted">
          <WhyAsleep reason={reason} isByPolicy={isByPolicy} />
        </span>
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
