/** What any form of the log writes: the levels in their order, the fields in theirs, and how long one may be. */
import type { LogFields, LogLevel } from '../../ports/index.ts'

export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

export const writtenFields: readonly (keyof LogFields)[] = [
  'correlation_id',
  'trace_id',
  'client',
  'method',
  'path',
  'query',
  'route',
  'status',
  'bytes',
  'duration_ms',
  'principal',
  'upstream',
  'address',
  'error',
  'reason',
  'count',
]

export const maxFieldLength = 4096
