/** One line for whoever operates the gateway. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** The only fields that reach a log line: nothing a caller wrote, but its correlation id. */
export interface LogFields {
  correlation_id?: string
  method?: string
  /** The route template, never the raw path. */
  route?: string
  status?: number
  duration_ms?: number
  principal?: string
  upstream?: string
  /** An error code of the catalogue, or the class of an unexpected error. */
  error?: string
  /** Our own words about what happened; an unexpected error's message and stack. */
  reason?: string
  count?: number
}

export type Log = Record<LogLevel, (event: string, fields?: LogFields) => void>
