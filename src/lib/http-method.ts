/** Tells requests that may change something from those that only read (RFC 9110 §9.2.1). */

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** An unknown method counts as a change. */
export const isMutation = (method: string): boolean => !safe.has(method)
