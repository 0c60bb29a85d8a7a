/** What HTTP takes for white space around a value (RFC 9110 §5.6.3): JavaScript's own `trim` takes a byte 0xA0 with it. */
export const trimmed = (value: string): string => value.replace(/^[ \t]+|[ \t]+$/g, '')
