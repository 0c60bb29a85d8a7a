/** The forms in which madre writes moments; all of them UTC, from epoch milliseconds. */

/** In answers: ISO 8601 with its zone. */
export const isoMoment = (ms: number): string => new Date(ms).toISOString()

export { storedMoment } from '../../lib/moment.ts'

/** In plans: `YYYYMMDDTHHMMSSZ`. */
export const compactMoment = (ms: number): string => isoMoment(ms).replace(/[-:]|\.\d+/g, '')
