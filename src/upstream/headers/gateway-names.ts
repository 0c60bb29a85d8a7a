/** Header names that only the gateway or its proxies may use towards upstreams and callers, in every spelling. */

/** RFC 9110 §7.6.1 and names that old software uses; each transport writes its own framing. */
export const connectionHeaders = [
  'alt-svc',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
] as const

/** What only the gateway says to an upstream, its tokens and signatures among them. */
export const ownFields = [
  'x-vx11-attempt',
  'x-vx11-correlation-id',
  'x-vx11-entry',
  'x-vx11-gw-token',
  'x-vx11-nonce',
  'x-vx11-principal',
  'x-vx11-request-id',
  'x-vx11-signature',
  'x-vx11-timestamp',
  'x-vx11-token',
] as const

/**
 * CGI and WSGI servers read `x_real_ip` as `x-real-ip`. So a name with an underscore is judged by its dashes, and by
 * `framing`, which is forwarded in its usual spelling alone.
 */
export function reservedNames(names: Iterable<string>, framing: readonly string[] = []): (name: string) => boolean {
  const reserved = new Set(names)
  const inUnderscores = new Set([...reserved, ...framing])
  return (name) => reserved.has(name) || (name.includes('_') && inUnderscores.has(name.replaceAll('_', '-')))
}
