/** A chain of hashes over rows: each covers the one before, so that a changed, added or missing row is found. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** The hash before the first row. */
export const chainStart = ''

/** Lower-case hex. Joined by line breaks, which the first two cannot hold. */
export const linkHash = (previous: string, event: string, payload: string): string =>
  bytesToHex(sha256(utf8ToBytes(`${previous}\n${event}\n${payload}`)))

/** A hash of one row alone, as written before there was a chain (contract data/ledger-hash). */
export const unlinkedHash = (event: string, payload: string): string =>
  bytesToHex(sha256(utf8ToBytes(`${event}:${payload}`)))
