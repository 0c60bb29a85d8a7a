/** What to log of an error that others wrapped: the store's own words, since drizzle puts parameters into its message. */
export function rootCause(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return error.cause instanceof Error ? rootCause(error.cause) : `${error.name}: ${error.message}`
}
