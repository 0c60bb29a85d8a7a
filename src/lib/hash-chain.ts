/** A hash chain over rows: each hash covers the previous one, so that changed, added or missing rows are detected. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** The hash before the first row. */
export const chainStart = ''

/** Lower-case hex. The parts are joined by line breaks, which the first two cannot contain. */
export const linkHash = (previous: string, event: string, payload: string): string =>
  bytesToHex(sha256(utf8ToBytes(`${previous}\n${event}\n${payload}`)))

/** The hash of a single row, as written before the chain existed (contract data/ledger-hash). */
export const unlinkedHash = (event: string, payload: string): string =>
  bytesToHex(sha256(utf8ToBytes(`${event}:${payload}`)))
