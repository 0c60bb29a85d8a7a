/** The gateway's entry in `Via`, by which it recognises a request that it has forwarded before (RFC 9110 §7.6.3). */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Config } from '../../config/config.ts'

/**
 * Two gateways with the same upstreams have the same name, with any number of instances; two in a row differ in at
 * least one upstream.
 */
export function viaName({ upstreams }: Pick<Config, 'upstreams'>): string {
  const known = names.get(upstreams)
  if (known !== undefined) return known
  const name = `tentaculo_link-${bytesToHex(sha256(utf8ToBytes(JSON.stringify(upstreams)))).slice(0, 8)}`
  names.set(upstreams, name)
  return name
}

const names = new WeakMap<Config['upstreams'], string>()

/** The field with this gateway's entry at its end. */
export function withVia(field: string | string[] | null | undefined, name: string): string {
  const before = Array.isArray(field) ? field.join(', ') : field
  return before ? `${before}, 1.1 ${name}` : `1.1 ${name}`
}

/** True if this gateway has forwarded the message. */
export const hasPassed = (field: string | undefined, name: string): boolean =>
  field?.split(',').some(
    (entry) =>
      entry
        .trim()
        .split(/[ \t]+/, 2)[1]
        ?.toLowerCase() === name,
  ) ?? false
