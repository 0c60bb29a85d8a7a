/** An error of the database file that worker threads report: SQLite's codes, or the gateway's own. */
import type { RawFailure } from './messages.ts'

/** `FILE_…` codes come from checking the file; `TIMEOUT` and `OVERLOADED` come from the job queue. */
export class SqliteFailure extends Error {
  override readonly name = 'SqliteFailure'
  readonly code: string
  readonly extendedCode: string | undefined
  readonly rawCode: number | undefined

  constructor({ message, code, extendedCode, rawCode }: RawFailure, options?: ErrorOptions) {
    super(message.startsWith(code) ? message : `${code}: ${message}`, options)
    this.code = code
    this.extendedCode = extendedCode
    this.rawCode = rawCode
  }
}

/** True if the connection cannot be used any more: the file must be checked and reopened. */
export const endsConnection = ({ code, extendedCode = '' }: RawFailure): boolean =>
  /^(FILE_(MISSING|EMPTIED|REPLACED)|SQLITE_(READONLY|CANTOPEN|NOTADB|IOERR|PROTOCOL))$/.test(code) &&
  !/IOERR_(WRITE|SHMSIZE)/.test(extendedCode)

export const isDamage = ({ code }: RawFailure): boolean => code === 'SQLITE_CORRUPT'
