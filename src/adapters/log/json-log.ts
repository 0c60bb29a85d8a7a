/** The Log port as one JSON object per line: time, level, event and the allowed fields, nothing else. */
import type { Clock, Log, LogFields, LogLevel } from '../../ports/index.ts'
import { logLevels, maxFieldLength, writtenFields } from './log-fields.ts'

export interface LogOptions {
  level: LogLevel
  clock: Clock
  /** Takes one line, newline included. */
  write: (line: string) => void
}

/** Strings that need no escaping in JSON; JSON.stringify handles the others. */
const plain = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/

const quoted = (text: string): string =>
  text.length <= maxFieldLength && plain.test(text) ? `"${text}"` : JSON.stringify(text.slice(0, maxFieldLength))

function written(value: string | number): string {
  if (typeof value === 'string') return quoted(value)
  return Number.isFinite(value) ? String(value) : JSON.stringify(value)
}

/** Caches the text, because many lines have the same millisecond. */
function isoTimes(): (now: number) => string {
  let last = Number.NaN
  let text = ''
  return (now) => {
    if (now !== last) text = new Date(now).toISOString()
    last = now
    return text
  }
}

export function jsonLog({ level, clock, write }: LogOptions): Log {
  const isoTime = isoTimes()
  const writer = (name: LogLevel) => {
    if (logLevels.indexOf(name) < logLevels.indexOf(level)) return () => {}
    return (event: string, fields: LogFields = {}) => {
      let line = `{"time":"${isoTime(clock.now())}","level":"${name}","event":${quoted(event)}`
      for (const field of writtenFields) {
        const value = fields[field]
        if (value === undefined) continue
        line += `,"${field}":${written(value)}`
      }
      write(`${line}}\n`)
    }
  }
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') }
}
