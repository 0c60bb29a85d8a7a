/** A Random that gives the same sequence for the same seed (mulberry32). */
import type { Random } from '../../src/ports/index.ts'

export function fakeRandom(seed = 1): Random {
  let state = seed >>> 0

  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }

  const byte = (): number => Math.floor(fraction() * 256)
  const bytes = (length: number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, byte)

  return { uuid: () => versionFour(bytes(16)), fraction, bytes }
}

/** RFC 9562, section 5.4. */
function versionFour(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte, index) => {
    if (index === 6) return (byte & 0x0f) | 0x40
    return index === 8 ? (byte & 0x3f) | 0x80 : byte
  })
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
