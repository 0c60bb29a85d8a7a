/** The text of a key: `tlk_<id>_<secret><checksum>`, so that leaks are found by a scanner and typing errors at once. */
import { bytesToHex } from '@noble/hashes/utils.js'
import { base62, base62Length } from '../../lib/base62.ts'
import { crc32 } from '../../lib/crc32.ts'
import type { Random } from '../../ports/index.ts'

const idBytes = 8
const secretBytes = 32
const checkedLength = base62Length(secretBytes)
const form = new RegExp(
  `^(tlk_([0-9a-f]{${idBytes * 2}})_[0-9A-Za-z]{${checkedLength}})([0-9A-Za-z]{${base62Length(4)}})$`,
)

/** Every token that begins like this is taken for a key. */
export const keyMark = 'tlk_'

export const newKeyId = (random: Random): string => bytesToHex(random.bytes(idBytes))

/** What a listing shows, so that its holder recognises it. */
export const prefixOf = (id: string): string => `${keyMark}${id}`

export function newKeyToken(random: Random, id: string): string {
  const checked = `${prefixOf(id)}_${base62(random.bytes(secretBytes))}`
  return checked + base62(crc32(checked))
}

/** The id in a token whose checksum is right; null for any other text. */
export function idInToken(token: string): string | null {
  const [, checked, id, checksum] = form.exec(token) ?? []
  return checked !== undefined && id !== undefined && checksum === base62(crc32(checked)) ? id : null
}
