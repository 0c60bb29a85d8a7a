/** Why a database cannot be used, as one word for programs and one sentence for people. */
import { DrizzleQueryError } from 'drizzle-orm'

/** Words of `GET /readyz`; docs/storage.md says what helps against each. */
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

/** The only error that opening a database, or asking whether it answers, rejects with. */
export class DatabaseFailure extends Error {
  override readonly name = 'DatabaseFailure'
  readonly fault: DatabaseFault

  /** `message` shows no token and nothing that a caller wrote. */
  constructor(fault: DatabaseFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.fault = fault
  }
}

const storeCodes =
  /^(SQLITE_(BUSY|CANTOPEN|CORRUPT|FULL|IOERR|LOCKED|NOTADB|PROTOCOL|READONLY)|FILE_|TIMEOUT|OVERLOADED|THREAD_ENDED|CLIENT_CLOSED)/
const networkWords = /fetch failed|TimeoutError/

/** Whether a query failed because of the store that holds the rows, and not because of what was asked of it. */
export function isStoreFailure(error: unknown): boolean {
  const isQuery = error instanceof DrizzleQueryError
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && storeCodes.test(String(current.code))) return true
    if (isQuery && current !== error && networkWords.test(`${current.name}: ${current.message}`)) return true
  }
  return false
}

/** The store's own word where a query failed, else the error. */
export const loggable = (error: Error): Error =>
  error instanceof DrizzleQueryError ? (error.cause ?? new Error('query failed')) : error
