/** Recognises hosts that are not reachable from the internet, by name only. */

/** RFC 1122, 1918, 3927, 4193, 4291, 6598; names without a dot are compose services or local hosts. */
const privateAddresses = [
  /^127\./,
  /^10\./,
  /^192\.168\./,
  /^172\.(1[6-9]|2\d|3[01])\./,
  /^169\.254\./,
  /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  /^\[?::1\]?$/,
  /^\[?f[cd][0-9a-f]{2}:/i,
  /^\[?fe[89ab][0-9a-f]:/i,
]
const privateNames = /(^|\.)(localhost|local|internal|lan|home\.arpa|test|svc|cluster\.local)$/i

export function isPrivateHost(host: string): boolean {
  if (privateAddresses.some((pattern) => pattern.test(host))) return true
  const isName = !host.startsWith('[') && !host.includes(':') && !/^\d+(\.\d+){3}$/.test(host)
  return isName && (!host.includes('.') || privateNames.test(host))
}
