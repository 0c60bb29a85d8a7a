/** Parses moments as Python programs write them: with a zone, without one, and with two. */

const form = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2}(?::\d{2})?Z?)?$/

/**
 * Epoch milliseconds; null for what is no moment. Without a zone it is UTC, as `datetime.utcnow()` means it, and a
 * `Z` behind an offset is dropped. What is finer than a millisecond is cut off.
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

/** A stored moment with its zone, for answers; null for what is no moment. */
export function zonedMoment(stored: string | null): string | null {
  const ms = stored === null ? null : parseMoment(stored)
  return ms === null ? null : new Date(ms).toISOString()
}
