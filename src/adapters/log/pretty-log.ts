/** The Log port for people: one line per event, in colour where the terminal wants it; values cannot control it. */
import type { Log, LogFields, LogLevel } from '../../ports/index.ts'
import type { LogOptions } from './json-log.ts'
import { logLevels, maxFieldLength, writtenFields } from './log-fields.ts'

const [reset, dim, red, green, yellow, cyan] = ['\x1b[0m', '\x1b[2m', '\x1b[31m', '\x1b[32m', '\x1b[33m', '\x1b[36m']
const levelColours: Readonly<Record<LogLevel, string>> = { debug: dim, info: green, warn: yellow, error: red }

/** Control characters, and those that hide or turn text. A stack keeps its line breaks, indented. */
const unsafe = /[^\P{Cc}\n]|[\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
const shown = (value: string | number) =>
  String(value).slice(0, maxFieldLength).replace(unsafe, '\ufffd').replaceAll('\n', '\n    ')

export function prettyLog({ level, clock, write, colours }: LogOptions & { colours: boolean }): Log {
  const paint = (colour: string, text: string) => (colours && text !== '' ? colour + text + reset : text)
  const writer = (name: LogLevel) => {
    if (logLevels.indexOf(name) < logLevels.indexOf(level)) return () => {}
    return (event: string, fields: LogFields = {}) => {
      const time = new Date(clock.now()).toISOString().slice(11, 23)
      const words =
        event === 'request' ? requestWords(fields, paint) : [paint(cyan, shown(event)), ...otherWords(fields)]
      write(`${paint(dim, time)} ${paint(levelColours[name], name.toUpperCase().padEnd(5))} ${words.join('  ')}\n`)
    }
  }
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') }
}

/** The reason is a sentence, and goes first. */
function otherWords({ reason, ...fields }: LogFields): string[] {
  const named = writtenFields.flatMap((name) => {
    const value = name === 'reason' ? undefined : fields[name]
    return value === undefined ? [] : [`${name}=${shown(value)}`]
  })
  return [...(reason === undefined ? [] : [shown(reason)]), ...named]
}

type Paint = (colour: string, text: string) => string

function requestWords(fields: LogFields, paint: Paint): string[] {
  const { method = '', path, query, route = '', status = 0, duration_ms, bytes, client = '', principal = '-' } = fields
  const colour = status >= 500 ? red : status >= 400 ? yellow : green
  const size = bytes === undefined ? '-' : `${bytes} B`
  const words = [
    paint(colour, String(status)),
    shown(method).padEnd(7),
    shown(query === undefined ? (path ?? route) : `${path}?${query}`),
    `${duration_ms ?? '-'} ms`,
  ]
  return [...words, size, ...[client, principal].map(shown), paint(dim, shown(fields.correlation_id ?? ''))]
}
