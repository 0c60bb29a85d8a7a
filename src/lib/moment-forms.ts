/** Formats epoch milliseconds as text, always in UTC. */

/** For answers: ISO 8601 with zone. */
export const isoMoment = (ms: number): string => new Date(ms).toISOString()

export const isoMomentOrNull = (ms: number | null | undefined): string | null => (ms == null ? null : isoMoment(ms))

/** `YYYYMMDDTHHMMSSZ`, ISO 8601's basic form. */
export const compactMoment = (ms: number): string => isoMoment(ms).replace(/[-:]|\.\d+/g, '')

/** Python's `isoformat` without zone. */
export const naiveMoment = (ms: number): string => isoMoment(ms).replace('Z', '000')

/** As SQLite's CURRENT_TIMESTAMP writes it: `YYYY-MM-DD HH:MM:SS`, UTC. */
export const sqlMoment = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')

/** As SQLAlchemy stores them, `YYYY-MM-DD HH:MM:SS.ffffff`; sorts in order of time. */
export const storedMoment = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '000')
