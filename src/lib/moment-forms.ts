/** The forms in which VX11 writes moments; all of them UTC, from epoch milliseconds. */

/** In answers: ISO 8601 with its zone. */
export const isoMoment = (ms: number): string => new Date(ms).toISOString()

/** In plans and in `module_status`: `YYYYMMDDTHHMMSSZ`. */
export const compactMoment = (ms: number): string => isoMoment(ms).replace(/[-:]|\.\d+/g, '')

/** As the truth probe stores them: Python's `isoformat` without zone. */
export const naiveMoment = (ms: number): string => isoMoment(ms).replace('Z', '000')

/** As SQLite's CURRENT_TIMESTAMP writes it: `YYYY-MM-DD HH:MM:SS`, UTC. */
export const sqlMoment = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

/** As VX11's Python stores them in columns, `YYYY-MM-DD HH:MM:SS.ffffff`, UTC; sorts as the moments do. */
export const storedMoment = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '000')
