/** The Log port as one JSON object per line: time, level, event and the allowed fields, nothing else. */
import type { Clock, Log, LogFields, LogLevel } from '../../ports.ts'

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

const allowedFields: readonly (keyof LogFields)[] = [
  'correlation_id',
  'method',
  'route',
  'status',
  'duration_ms',
  'principal',
  'upstream',
  'error',
  'reason',
  'count',
]

const longestField = 4096

interface JsonLogOptions {
  level: LogLevel
  clock: Clock
  /** Takes one line, newline included. */
  write: (line: string) => void
}

export function jsonLog({ level, clock, write }: JsonLogOptions): Log {
  const writer = (name: LogLevel) => {
    if (levels.indexOf(name) < levels.indexOf(level)) return () => {}
    return (event: string, fields: LogFields = {}) => {
      const line: Record<string, unknown> = { time: new Date(clock.now()).toISOString(), level: name, event }
      for (const field of allowedFields) {
        const value = fields[field]
        if (value !== undefined) line[field] = typeof value === 'string' ? value.slice(0, longestField) : value
      }
      write(`${JSON.stringify(line)}\n`)
    }
  }
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') }
}
