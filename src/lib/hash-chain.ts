/** The forensic ledger's hashes: each covers the one before, so that no row can change, go or come unnoticed. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** What the first row of a chain stands on. */
export const chainStart = ''

/** Lower-case hex. A line break parts the three, for none of the first two can hold one. */
export const linkHash = (previous: string, event: string, payload: string): string =>
  bytesToHex(sha256(utf8ToBytes(`${previous}\n${event}\n${payload}`)))

/** What VX11 v7 wrote before there was a chain: it covers its own row and no other (contract data/ledger-hash). */
export const unlinkedHash = (event: string, payload: string): string =>
  bytesToHex(sha256(utf8ToBytes(`${event}:${payload}`)))
