/** Classifies methods as safe or mutating (RFC 9110 §9.2.1). */

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** An unknown method counts as mutating. */
export const isMutation = (method: string): boolean => !safe.has(method)
