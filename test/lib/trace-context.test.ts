/** The W3C's `traceparent`: what is taken, what starts a trace anew, what is written. */
import { describe, expect, it } from 'vitest'
import { parseTraceparent, traceparentOf } from '../../src/lib/trace-context.ts'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'

describe('a traceparent', () => {
  it.each([
    [`00-${traceId}-${spanId}-01`, { sampled: true, random: false }],
    [`00-${traceId}-${spanId}-00`, { sampled: false, random: false }],
    [`00-${traceId}-${spanId}-03`, { sampled: true, random: true }],
    // What later versions and flags mean is theirs.
    [`00-${traceId}-${spanId}-fc`, { sampled: false, random: false }],
    [`cc-${traceId}-${spanId}-01-what-comes-later`, { sampled: true, random: false }],
    // Sent twice, the first counts.
    [`00-${traceId}-${spanId}-01, 00-${'1'.repeat(32)}-${spanId}-00`, { sampled: true, random: false }],
  ])('is read: %s', (text, flags) => {
    expect(parseTraceparent(text)).toEqual({ traceId, spanId, ...flags })
  })

  it.each([
    undefined,
    '',
    'garbage',
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-1`,
    `00-${traceId}0-${spanId}-01`,
    ` ${'0'.repeat(5000)}`,
  ])('is ignored: %s', (text) => {
    expect(parseTraceparent(text)).toBeNull()
  })

  it('is written with the flags that it had', () => {
    for (const flags of ['00', '01', '02', '03']) {
      const text = `00-${traceId}-${spanId}-${flags}`
      const parsed = parseTraceparent(text)
      expect(parsed && traceparentOf(parsed)).toBe(text)
    }
  })
})
