/** The operator's log. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** The only fields of a log line; of the caller's input only the correlation id, its address and the path. */
export interface LogFields {
  correlation_id?: string
  /** Of the request's trace; added by the log itself (adapters/log/trace-ids.ts). */
  trace_id?: string
  /** The caller's address. */
  client?: string
  method?: string
  /** As it was sent, without its query. */
  path?: string
  /** Of it the parameters that VX11_LOG_QUERY names, as they were sent. */
  query?: string
  /** The route template. */
  route?: string
  status?: number
  /** Of the body, as far as it was sent; absent where its length is not known. */
  bytes?: number
  duration_ms?: number
  principal?: string
  upstream?: string
  /** One of several of the upstream's. */
  address?: string
  /** An error code of the catalogue, or the class of an unexpected error. */
  error?: string
  /** The gateway's own description; for an unexpected error its message and stack. */
  reason?: string
  count?: number
}

export type Log = Record<LogLevel, (event: string, fields?: LogFields) => void>
