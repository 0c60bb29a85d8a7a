/** The store's own words for a failure: drizzle puts a statement's parameters, which callers wrote, into its message. */
export function rootReason(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return error.cause instanceof Error ? rootReason(error.cause) : `${error.name}: ${error.message}`
}
