/** Why a database cannot be used: a code for programs and a sentence for people. */
import { DrizzleQueryError } from 'drizzle-orm'

/** Codes in `GET /readyz`; docs/storage.md lists a remedy for each. */
export type DatabaseFault =
  | 'adopting'
  | 'closed'
  | 'corrupt'
  | 'empty'
  | 'foreign'
  | 'full'
  | 'locked'
  | 'misconfigured'
  | 'missing'
  | 'not_a_database'
  | 'overloaded'
  | 'read_only'
  | 'replaced'
  | 'timeout'
  | 'unauthorized'
  | 'unavailable'
  | 'unreachable'

/** The only error with which opening or pinging a database rejects. */
export class DatabaseFailure extends Error {
  override readonly name = 'DatabaseFailure'
  readonly fault: DatabaseFault

  /** `message` contains no token and no caller's input. */
  constructor(fault: DatabaseFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.fault = fault
  }
}

const storeCodes =
  /^(SQLITE_(BUSY|CANTOPEN|CORRUPT|FULL|IOERR|LOCKED|NOTADB|PROTOCOL|READONLY)|FILE_|TIMEOUT|OVERLOADED|THREAD_ENDED|CLIENT_CLOSED)/
const networkWords = /fetch failed|TimeoutError/

/** True if a query failed because of the store and not because of the statement. */
export function isStoreFailure(error: unknown): boolean {
  const isQuery = error instanceof DrizzleQueryError
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && storeCodes.test(String(current.code))) return true
    if (isQuery && current !== error && networkWords.test(`${current.name}: ${current.message}`)) return true
  }
  return false
}

/** For a failed query the store's own error, else the error itself. */
export const loggable = (error: Error): Error =>
  error instanceof DrizzleQueryError ? (error.cause ?? new Error('query failed')) : error
