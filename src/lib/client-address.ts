/** Who is calling, when proxies that we trust stand between: each of them appended the address it saw. */

const maxAddressLength = 64

/**
 * The address `trustedHops` proxies away from the socket. Entries further left were written by strangers and are
 * ignored; with no trusted hop the header is not read at all.
 */
export function clientAddress(socketAddress: string, forwardedFor: string | undefined, trustedHops: number): string {
  if (trustedHops === 0 || !forwardedFor) return socketAddress
  const chain = [...forwardedFor.split(',').map((part) => part.trim()), socketAddress]
  const address = chain[Math.max(0, chain.length - 1 - trustedHops)] ?? ''
  return address !== '' && address.length <= maxAddressLength ? address : socketAddress
}
