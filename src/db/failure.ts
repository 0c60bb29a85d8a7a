/** What failed in a query, for the log: drizzle's own message repeats the parameters, which callers wrote. */
import { DrizzleQueryError } from 'drizzle-orm'

/** The store's own word where a query failed, else the error. */
export const loggable = (error: Error): Error =>
  error instanceof DrizzleQueryError ? (error.cause ?? new Error('query failed')) : error
