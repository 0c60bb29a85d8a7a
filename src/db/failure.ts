/** Why a database cannot be used, as one word for programs and one sentence for people. */

/** Words of `GET /readyz`; docs/storage.md says what helps against each. */
export type DatabaseFault =
  | 'adopting'
  | 'corrupt'
  | 'foreign'
  | 'full'
  | 'locked'
  | 'misconfigured'
  | 'not_a_database'
  | 'read_only'
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
