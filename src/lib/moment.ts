/** Parses timestamps of Python programs: with a zone, without one, or with two. */

const form = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2}(?::\d{2})?Z?)?$/

/**
 * Epoch milliseconds; null for an invalid timestamp. Without a zone it is UTC, as in `datetime.utcnow()`; a
 * `Z` after an offset is ignored. Fractions of a millisecond are truncated.
 */
export function parseMoment(text: string): number | null {
  const match = form.exec(text)
  if (!match) return null
  const [, date, time = '', fraction = '', zone = 'Z'] = match
  const ms = Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`)
  return Number.isNaN(ms) ? null : ms - offsetMs(zone)
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0
  const digits = zone.replaceAll(/\D/g, '')
  const seconds = Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4) || 0)
  return (zone.startsWith('-') ? -1000 : 1000) * seconds
}

/** A stored timestamp with its zone, for answers; null if it is invalid. */
export function zonedMoment(stored: string | null): string | null {
  const ms = stored === null ? null : parseMoment(stored)
  return ms === null ? null : new Date(ms).toISOString()
}
