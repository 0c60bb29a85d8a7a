/** States as a mark, a word and a colour: never the colour alone. */
import { t, word } from '../texts/index.ts'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'ok' | 'warn' | 'bad' | 'sleep' | 'info' | 'none'

const tones: Readonly<Record<string, Tone>> = {
  UP: 'ok',
  OK: 'ok',
  ok: 'ok',
  pass: 'ok',
  closed: 'ok',
  ready: 'ok',
  intact: 'ok',
  answered: 'ok',
  done: 'ok',
  active: 'ok',
  completed: 'ok',
  success: 'ok',
  DOWN: 'bad',
  BROKEN: 'bad',
  fail: 'bad',
  failed: 'bad',
  open: 'bad',
  error: 'bad',
  broken: 'bad',
  critical: 'bad',
  crit: 'bad',
  revoked: 'bad',
  dead: 'bad',
  OFF_BY_POLICY: 'sleep',
  off_by_policy: 'sleep',
  sleeping: 'sleep',
  DEGRADED: 'warn',
  degraded: 'warn',
  half_open: 'warn',
  failing: 'warn',
  warn: 'warn',
  warning: 'warn',
  found: 'warn',
  expired: 'warn',
  // Of drifts.
  low: 'info',
  medium: 'warn',
  high: 'bad',
  drift: 'warn',
  refused: 'warn',
  slow: 'warn',
  skip: 'none',
  skipped: 'none',
  info: 'info',
  // Of alerts, as VX11's modules grade them.
  L1: 'info',
  L2: 'warn',
  L3: 'bad',
  L4: 'bad',
  running: 'info',
  opening: 'info',
  pending: 'info',
  plan: 'info',
}

const icons: Record<Tone, IconName> = {
  ok: 'check',
  warn: 'alert',
  bad: 'cross',
  sleep: 'moon',
  info: 'info',
  none: 'dash',
}

export const toneOf = (state: string | null | undefined): Tone => (state ? (tones[state] ?? 'none') : 'none')

export function State({
  state,
  label,
  tone = toneOf(state),
}: {
  state: string | null | undefined
  label?: string
  tone?: Tone
}) {
  return (
    <span class={`state tone-${tone}`}>
      <Icon name={icons[tone]} size={13} />
      {label ?? word(t().states, state)}
    </span>
  )
}
