/** Digests an Idempotency-Key with its principal, path and body. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { GatewayError } from '../../../errors/gateway-error.ts'
import type { AppendOnce } from '../../../ports/index.ts'

/** A key belongs to its principal and to one body at one path. */
export function appendOnce(
  key: string | undefined,
  principal: string,
  path: string,
  text: string,
): AppendOnce | undefined {
  if (key === undefined) return undefined
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    const issue = {
      loc: ['header', 'Idempotency-Key'],
      msg: 'Expected 1 to 255 visible ASCII characters',
      type: 'regex',
    }
    throw new GatewayError('validation_error', { issues: [issue] })
  }
  return { key: digest(`${principal}\n${key}`), request: digest(`${path}\n${text}`) }
}

const digest = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)))
