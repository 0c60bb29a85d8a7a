/** Moments in local time, UTC on hover; "ago" goes on by itself. */
import { language } from '../core/preferences.ts'
import { now } from '../core/visible.ts'
import { t } from '../texts/index.ts'
import { agoFormat, timeFormat } from './formatters.ts'
import { parseMoment } from './moment.ts'

type Moment = string | number | null | undefined

export function Time({ at, ago = false, date = false }: { at: Moment; ago?: boolean; date?: boolean }) {
  const ms = parseMoment(at)
  if (ms === null) return <span class="muted">–</span>
  const iso = new Date(ms).toISOString()
  return (
    <time dateTime={iso} title={`${iso.replace('T', ' ').replace('Z', '')} UTC`}>
      {ago ? agoText(ms) : clockText(ms, date)}
    </time>
  )
}

const dayAndTime = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', day: '2-digit', month: 'short' } as const
const timeOfDay = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const

export function clockText(ms: number, date = false): string {
  const isToday = new Date(ms).toDateString() === new Date().toDateString()
  return timeFormat(language.value, date || !isToday ? dayAndTime : timeOfDay).format(ms)
}

/** For titles, which hold no elements. */
export const momentText = (ms: number): string => timeFormat(language.value, dayAndTime).format(ms)

export function agoText(ms: number): string {
  const seconds = Math.max(0, Math.round((now.value - ms) / 1000))
  if (seconds < 5) return t().time.justNow
  return agoFormat(language.value, { numeric: 'always', style: 'short' }).format(...inUnits(-seconds))
}

function inUnits(seconds: number): [number, Intl.RelativeTimeFormatUnit] {
  const abs = Math.abs(seconds)
  if (abs < 60) return [seconds, 'second']
  if (abs < 3600) return [Math.round(seconds / 60), 'minute']
  if (abs < 86_400) return [Math.round(seconds / 3600), 'hour']
  return [Math.round(seconds / 86_400), 'day']
}

/** How long until a moment, as a clock: 1:02:03. */
export function countdown(until: number): string {
  const seconds = Math.max(0, Math.round((until - now.value) / 1000))
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
