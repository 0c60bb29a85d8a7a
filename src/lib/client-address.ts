/** The caller's address behind proxies that we trust; each of them appended the address it saw. */
import { normalAddress } from './ip-address.ts'

/**
 * The address `trustedHops` proxies away from the socket. Entries further left were written by strangers and are
 * ignored; without a trusted hop the header is not read. An entry that is no IP address leaves the socket's.
 */
export function clientAddress(socketAddress: string, forwardedFor: string | undefined, trustedHops: number): string {
  const socket = normalAddress(socketAddress) ?? socketAddress
  if (trustedHops === 0 || !forwardedFor) return socket
  const chain = [...forwardedFor.split(','), socketAddress]
  return normalAddress(chain[Math.max(0, chain.length - 1 - trustedHops)] ?? '') ?? socket
}
