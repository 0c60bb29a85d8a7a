/** Reads the forms in which VX11 writes moments: ISO, SQL with a blank (UTC), seconds, milliseconds. */

export function parseMoment(at: string | number | null | undefined): number | null {
  if (at === null || at === undefined || at === '') return null
  if (typeof at === 'number') return at < 1e11 ? at * 1000 : at
  const iso = /^\d{4}-\d\d-\d\d \d/.test(at)
    ? `${at.replace(' ', 'T')}${/[zZ]|[+-]\d\d:?\d\d$/.test(at) ? '' : 'Z'}`
    : at
  const ms = Date.parse(iso)
  return Number.isNaN(ms) ? null : ms
}
