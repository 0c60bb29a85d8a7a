/** The real Random, from the web platform's cryptographic source. */
import type { Random } from '../../ports/index.ts'

/** Maximum number of bytes per getRandomValues call. */
const MAX_FILL_BYTES = 65_536

export const systemRandom = (): Random => ({ uuid: () => crypto.randomUUID(), fraction, bytes })

/** 53 random bits: the precision of a double below 1. */
function fraction(): number {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2))
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53
}

function bytes(length: number): Uint8Array<ArrayBuffer> {
  const filled = new Uint8Array(length)
  for (let start = 0; start < length; start += MAX_FILL_BYTES) {
    crypto.getRandomValues(filled.subarray(start, start + MAX_FILL_BYTES))
  }
  return filled
}
