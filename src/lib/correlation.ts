/** Which correlation ids the gateway takes over from a caller. */

const safeId = /^[A-Za-z0-9._:@/+=-]{1,128}$/

/** At most 128 characters that need no escaping in a header, a log line or JSON. */
export const isSafeCorrelationId = (id: string | undefined): id is string => id !== undefined && safeId.test(id)
