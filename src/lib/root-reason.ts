/** The store's own error message; drizzle's contains the statement's parameters, which callers wrote. */
export function rootReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return error.cause instanceof Error ? rootReason(error.cause) : `${error.name}: ${error.message}`
}
