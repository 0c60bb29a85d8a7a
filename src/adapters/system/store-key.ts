/** Turns any key into one that every store takes: short, well-formed, and never equal to another key's. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** A Durable Object's name and a KV key end at 512 bytes or later; memory is why this is less. */
const LONGEST_KEY = 128
/** Begins every digest, and no key that is kept as it is. */
const DIGEST_MARK = '~'

/** The key under its rule; rule names are ours and hold no colon. */
export const storeLimitKey = (key: string, ruleName: string): string =>
  `${ruleName}:${isPlain(key) ? key : digest(key)}`

/** unstorage reads `/`, `\`, `?`, dots and doubled colons as syntax, so only keys free of all that stay readable. */
export const cacheKey = (key: string): string =>
  key.length <= LONGEST_KEY && /^[\w-]+(?:[:.][\w-]+)*$/.test(key) ? key : digest(key)

const isPlain = (key: string): boolean =>
  key.length <= LONGEST_KEY && key.isWellFormed() && !key.startsWith(DIGEST_MARK)

/** JSON escapes lone surrogates, which UTF-8 would make all alike. */
const digest = (key: string): string => DIGEST_MARK + bytesToHex(sha256(new TextEncoder().encode(JSON.stringify(key))))
