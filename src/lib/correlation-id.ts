/** Which correlation ids the gateway takes over from a caller. */

/** At most 128 characters that need no escaping in a header, a log line or JSON. */
export const safeCorrelationId = /^[A-Za-z0-9._:@/+=-]{1,128}$/

export const isSafeCorrelationId = (id: string | undefined): id is string =>
  id !== undefined && safeCorrelationId.test(id)
