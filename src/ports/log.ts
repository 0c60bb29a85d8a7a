/** The operator's log. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** The only fields of a log line; of the caller's input only the correlation id. */
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
  /** The gateway's own description; for an unexpected error its message and stack. */
  reason?: string
  count?: number
}

export type Log = Record<LogLevel, (event: string, fields?: LogFields) => void>
