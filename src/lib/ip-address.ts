/** Normalises IP addresses, and derives the key for limits. */

/**
 * The normalised address: without port, brackets and zone, IPv4 if it is mapped (`::ffff:`), IPv6 as eight
 * lower-case groups without leading zeros. Null for an invalid address.
 */
export function normalAddress(text: string): string | null {
  if (isIpv4(text)) return text
  const bare = withoutPort(text.trim())
  if (isIpv4(bare)) return bare
  const groups = ipv6Groups(bare.replace(/%.*$/, ''))
  return groups && (mappedIpv4(groups) ?? groups.map((group) => group.toString(16)).join(':'))
}

/** The whole IPv4 address, or the /64 of IPv6, which one subscriber owns. Other text is returned unchanged. */
export function addressKey(address: string): string {
  const normal = normalAddress(address)
  if (normal === null) return address
  return normal.includes(':') ? `${normal.split(':').slice(0, 4).join(':')}::/64` : normal
}

const isIpv4 = (text: string): boolean =>
  text.length <= 15 && /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text)

/** `[v6]`, `[v6]:port` and `v4:port`; a bare IPv6 address has two colons or more. */
function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1]
  return bracketed ?? /^([^:]+):\d{1,5}$/.exec(text)?.[1] ?? text
}

/** RFC 4291 §2.2; the last two groups may be an IPv4 address. */
function ipv6Groups(text: string): number[] | null {
  if (text.length > 45 || !text.includes(':')) return null
  const [head = '', tail, ...more] = text.split('::')
  if (more.length > 0) return null
  const before = groupsOf(head, tail === undefined)
  const after = groupsOf(tail ?? '', true)
  if (!before || !after) return null
  const missing = 8 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return null
  return [...before, ...Array<number>(tail === undefined ? 0 : missing).fill(0), ...after]
}

function groupsOf(text: string, mayEndInIpv4: boolean): number[] | null {
  if (text === '') return []
  const parts = text.split(':')
  const last = parts.at(-1) ?? ''
  if (mayEndInIpv4 && isIpv4(last)) {
    const [a = 0, b = 0, c = 0, d = 0] = last.split('.').map(Number)
    parts.splice(-1, 1, (a * 256 + b).toString(16), (c * 256 + d).toString(16))
  }
  return parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part)) ? parts.map((part) => Number.parseInt(part, 16)) : null
}

/** `::ffff:a.b.c.d`, which dual-stack sockets report for IPv4 callers. */
function mappedIpv4(groups: readonly number[]): string | null {
  const [high = 0, low = 0] = groups.slice(6)
  if (groups[5] !== 0xffff || groups.slice(0, 5).some((group) => group !== 0)) return null
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
