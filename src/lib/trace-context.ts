/** W3C Trace Context: reads and writes `traceparent` (https://www.w3.org/TR/trace-context/). */

/** What a sender says of the trace that its request belongs to. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  traceId: string
  /** 16 hexadecimal digits. */
  spanId: string
  sampled: boolean
  /** The trace id is random in its last seven bytes (level 2); passed on as it came. */
  random: boolean
}

/** Later versions may add fields behind the four known ones. */
const form = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** Null when it is absent or invalid: the request then starts a trace of its own. */
export function parseTraceparent(value: string | undefined): TraceParent | null {
  const [, version, traceId, spanId, flags, more] = form.exec(value === undefined ? '' : firstOf(value)) ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return null
  if (version === '00' && more !== undefined) return null
  const bits = Number.parseInt(flags, 16)
  return { traceId, spanId, sampled: (bits & 1) === 1, random: (bits & 2) === 2 }
}

export const traceparentOf = ({ traceId, spanId, sampled, random }: TraceParent): string =>
  `00-${traceId}-${spanId}-0${Number(sampled) + 2 * Number(random)}`

/** The specification allows one value; web Headers join repeated ones with commas. */
export const firstOf = (value: string): string => value.split(',', 1)[0]?.trim() ?? ''
