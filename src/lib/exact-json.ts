/** Parses JSON losslessly: numbers that a double cannot represent keep their digits, also in JSON.stringify. */

/** A number as written; JSON.stringify outputs it unchanged. */
export interface RawNumber {
  readonly rawJSON: string
}

// Both runtimes have them; TypeScript's library does not declare them yet.
const { rawJSON, isRawJSON } = JSON as unknown as {
  rawJSON(text: string): RawNumber
  isRawJSON(value: unknown): boolean
}

export const isRawNumber = (value: unknown): value is RawNumber => isRawJSON(value)

/** Converts a raw number to the nearest double; returns other values unchanged. */
export const toDouble = (value: unknown): unknown => (isRawNumber(value) ? Number(value.rawJSON) : value)

/** `value` preserves numbers that a double would change; `digits` preserves all notation, such as `1.0`. */
export type KeepNumbers = 'value' | 'digits'

/** Throws SyntaxError like JSON.parse, and RangeError for too deep nesting. */
export function parseExactJson(text: string, keep: KeepNumbers = 'value'): unknown {
  if (!mayChange[keep].test(text)) return JSON.parse(text)
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined ? exactNumber(value, context.source, keep) : value,
  )
}

/** Patterns of numbers that a double may change. A match within a string only costs time. */
const mayChange = {
  value: /\d[\d.]{15}|\d[eE]|-0(?:\.0+)?(?=[\s,}\]]|$)/,
  digits: /\d{16}|\d[.eE]|-0(?=[\s,}\]]|$)/,
} as const satisfies Record<KeepNumbers, RegExp>

function exactNumber(value: number, source: string, keep: KeepNumbers): number | RawNumber {
  const written = String(value)
  // JSON.stringify would drop the sign of a zero.
  if (Object.is(value, -0)) return rawJSON(source)
  if (written === source) return value
  return keep === 'digits' || significant(written) !== significant(source) ? rawJSON(source) : value
}

/** Canonical form: sign, digits without leading and trailing zeros, and the exponent of the first digit. */
function significant(text: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? []
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts
  const digits = `${whole}${fraction}`
  const leading = /^0*/.exec(digits)?.[0].length ?? 0
  const kept = digits.slice(leading, endOfDigits(digits))
  if (kept === '') return `${sign}0`
  // No double has a longer exponent.
  return `${sign}${kept}e${exponent.length > 9 ? exponent : Number(exponent) + whole.length - leading}`
}

function endOfDigits(digits: string): number {
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end--
  return end
}
