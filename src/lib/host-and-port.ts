/** Addresses as URLs write them. */

/** Brackets around IPv6 (RFC 3986 §3.2.2). */
export const hostAndPort = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`

/** The scheme's own where a URL names none. */
export const effectivePort = ({ port, protocol }: URL): number => Number(port) || (protocol === 'https:' ? 443 : 80)

/** A listener on every address is reached through the loopback address. */
export const reachableHost = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host)
