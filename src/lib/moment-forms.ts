/** The forms in which VX11 writes moments; all of them UTC, from epoch milliseconds. */

/** In answers: ISO 8601 with its zone. */
export const isoMoment = (ms: number): string => new Date(ms).toISOString()

/** In columns: as VX11's Python stores them, `YYYY-MM-DD HH:MM:SS.ffffff`. */
export const storedMoment = (ms: number): string => isoMoment(ms).replace('T', ' ').replace('Z', '000')

/** In plans and in `module_status`: `YYYYMMDDTHHMMSSZ`. */
export const compactMoment = (ms: number): string => isoMoment(ms).replace(/[-:]|\.\d+/g, '')

/** As the truth probe stores them: Python's `isoformat` without zone. */
export const naiveMoment = (ms: number): string => isoMoment(ms).replace('Z', '000')
