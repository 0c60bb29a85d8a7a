/** A failure of the database file as it crosses from its thread to whoever asked: SQLite's codes, or one of our own. */
import type { RawFailure } from './messages.ts'

/** `FILE_…` codes are found by looking at the file; `TIMEOUT` and `OVERLOADED` come from the queue in front of a thread. */
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

/** The connection is of no use any more: the file has to be looked at and opened anew. */
export const endsConnection = ({ code, extendedCode = '' }: RawFailure): boolean =>
  /^(FILE_(MISSING|EMPTIED|REPLACED)|SQLITE_(READONLY|CANTOPEN|NOTADB|IOERR|PROTOCOL))$/.test(code) &&
  !/IOERR_(WRITE|SHMSIZE)/.test(extendedCode)

export const isDamage = ({ code }: RawFailure): boolean => code === 'SQLITE_CORRUPT'
