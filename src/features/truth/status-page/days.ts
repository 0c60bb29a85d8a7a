/** Ninety days as a row of bars, without scripts: the state of each by colour, height and words. */
import { html } from 'hono/html'
import type { LooksOfSpan } from '../../../modules/health-history/health-history.ts'
import { availabilityOf, isMeasured, type PublicService } from './service.ts'
import { type PageLanguage, statusTexts } from './texts.ts'

type Look = 'ok' | 'some' | 'bad' | 'asleep' | 'none'

const [barWidth, step, height] = [5, 7, 34]
const heights: Readonly<Record<Look, number>> = { ok: height, some: height, bad: height, asleep: 16, none: 6 }

function lookOf(day: LooksOfSpan): Look {
  if (!isMeasured(day)) return 'none'
  const available = availabilityOf([day])
  if (available === null) return 'asleep'
  if (day.broken === 0) return 'ok'
  return available >= 90 ? 'some' : 'bad'
}

export const swatches = ['ok', 'some', 'bad', 'asleep', 'none'] as const satisfies readonly Look[]

export function dayBars({ name, days }: PublicService, language: PageLanguage) {
  const width = days.length * step - (step - barWidth)
  const { days: lastDays } = statusTexts[language]
  return html`<svg class="days" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${name}, ${lastDays(days.length)}: ${summary(days, language)}">${days.map(
    (day, index) => {
      const look = lookOf(day)
      const top = height - heights[look]
      return html`<rect class="${look}" x="${index * step}" y="${top}" width="${barWidth}" height="${heights[look]}"><title>${dayText(day, language)}</title></rect>`
    },
  )}</svg>`
}

export function summary(days: readonly LooksOfSpan[], language: PageLanguage): string {
  const texts = statusTexts[language]
  const available = availabilityOf(days)
  const measured = texts.measuredOn(days.filter(isMeasured).length, days.length)
  return `${available === null ? texts.noValue : percent(available, language)}, ${measured}`
}

/** Rounded down, so that only a whole hundred reads as one. */
export function percent(value: number, language: PageLanguage): string {
  const { locale } = statusTexts[language]
  const figure = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(Math.floor(value * 100) / 100)
  return `${figure} %`
}

export function dayText(day: LooksOfSpan, language: PageLanguage): string {
  const texts = statusTexts[language]
  const date = new Intl.DateTimeFormat(texts.locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(day.at)
  const look = lookOf(day)
  if (look === 'none' || look === 'asleep' || look === 'ok') return `${date}: ${texts.day[look]}`
  return `${date}: ${texts.day.share(percent(availabilityOf([day]) ?? 0, language))}`
}
