/** Derives the caller's address from X-Forwarded-For, to which each trusted proxy appended an address. */
import { normalAddress } from './ip-address.ts'

/**
 * The address `trustedHops` proxies away from the socket. Entries further left are untrusted and
 * ignored; without a trusted hop the header is not read. If the entry is not an IP address, the socket's is used.
 */
export function clientAddress(socketAddress: string, forwardedFor: string | undefined, trustedHops: number): string {
  const socket = normalAddress(socketAddress) ?? socketAddress
  if (trustedHops === 0 || !forwardedFor) return socket
  const chain = [...forwardedFor.split(','), socketAddress]
  return normalAddress(chain[Math.max(0, chain.length - 1 - trustedHops)] ?? '') ?? socket
}
