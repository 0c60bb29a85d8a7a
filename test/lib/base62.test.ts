import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base62, base62Length } from '../../src/lib/base62.ts'

describe('base62', () => {
  it('has one length and one text for each value', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        (a, b) => {
          expect(base62(a)).toMatch(new RegExp(`^[0-9A-Za-z]{${base62Length(8)}}$`))
          expect(base62(a) === base62(b)).toBe(a.join() === b.join())
        },
      ),
    )
  })

  it('counts from 0 to z', () => {
    const ends = [0, 61, 62, 255].map((byte) => base62(Uint8Array.of(byte)))
    expect(ends).toEqual(['00', '0z', '10', '47'])
  })
})
