/** Adds the id of the trace to every line that is written for a request. */
import type { Log, LogFields, LogLevel } from '../../ports/index.ts'
import { logLevels } from './log-fields.ts'

/** `traceId` is undefined outside of a request. */
export function withTraceIds(log: Log, traceId: () => string | undefined): Log {
  const writer = (level: LogLevel) => (event: string, fields?: LogFields) => {
    const trace_id = fields?.trace_id ?? traceId()
    log[level](event, trace_id === undefined ? fields : { ...fields, trace_id })
  }
  return Object.fromEntries(logLevels.map((level) => [level, writer(level)])) as Log
}
