/** Bytes as letters and digits, which a double click selects as a whole; leading zeros keep the length fixed. */

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Enough characters for any value of the bytes. */
export function base62(bytes: Uint8Array): string {
  let value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  let text = ''
  for (let left = base62Length(bytes.length); left > 0; left--) {
    text = digits[Number(value % 62n)] + text
    value /= 62n
  }
  return text
}

export const base62Length = (bytes: number): number => Math.ceil((bytes * 8) / Math.log2(62))
