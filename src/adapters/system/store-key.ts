/** Maps any key to one that every store accepts: short, well-formed and unique. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** Durable Object names and KV keys take 512 bytes or more; this is less to save memory. */
const MAX_KEY_LENGTH = 128
/** Prefix of every digest; a key that starts with it is always digested. */
const DIGEST_MARK = '~'

/** The key, prefixed by its rule; rule names hold no colon. */
export const storeLimitKey = (key: string, ruleName: string): string =>
  `${ruleName}:${isPlain(key) ? key : digest(key)}`

/** unstorage treats `/`, `\`, `?`, dots and doubled colons as syntax; keys with any of them are digested. */
export const cacheKey = (key: string): string =>
  key.length <= MAX_KEY_LENGTH && /^[\w-]+(?:[:.][\w-]+)*$/.test(key) ? key : digest(key)

const isPlain = (key: string): boolean =>
  key.length <= MAX_KEY_LENGTH && key.isWellFormed() && !key.startsWith(DIGEST_MARK)

/** JSON escapes lone surrogates; UTF-8 alone would map them all to U+FFFD. */
const digest = (key: string): string => DIGEST_MARK + bytesToHex(sha256(new TextEncoder().encode(JSON.stringify(key))))
