/** Numbers as people read them, in the chosen language. */
import { language } from '../core/preferences.ts'
import { numberFormat } from './formatters.ts'

type Value = number | null | undefined
const isMissing = (value: Value): value is null | undefined =>
  value === null || value === undefined || Number.isNaN(value)

export function number(value: Value, digits = 0): string {
  if (isMissing(value)) return '–'
  return numberFormat(language.value, { maximumFractionDigits: digits }).format(value)
}

export const percent = (value: Value, digits = 1): string => (isMissing(value) ? '–' : `${number(value, digits)} %`)

export function milliseconds(value: Value): string {
  if (isMissing(value)) return '–'
  if (value >= 10_000) return `${number(value / 1000, 1)} s`
  return `${number(value, value < 10 ? 1 : 0)} ms`
}

export function seconds(value: Value): string {
  if (isMissing(value)) return '–'
  if (value < 120) return `${number(value, 1)} s`
  if (value < 7200) return `${number(value / 60, 0)} min`
  if (value < 172_800) return `${number(value / 3600, 1)} h`
  return `${number(value / 86_400, 0)} d`
}

export function bytes(value: Value): string {
  if (isMissing(value)) return '–'
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let size = value
  let unit = 0
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024
  return `${number(size, size < 10 && unit > 0 ? 1 : 0)} ${units[unit]}`
}
