/** Decides which request targets may be forwarded, and to what URL. The raw path is never decoded and rejoined. */
import { GatewayError } from '../errors/gateway-error.ts'

/**
 * Ambiguous paths: no or an empty first segment, backslashes, fragments, whitespace, control and non-ASCII characters,
 * broken escapes, escapes of "/", "\" and controls, overlong UTF-8 (RFC 3629 §10), and dot segments in any spelling
 * and with any path parameters.
 */
const unsafePath =
  /^(?!\/)|^\/\/|[^\x21-\x7e]|[\\#]|%(?![0-9a-f]{2})|%(?:2f|5c|[01][0-9a-f]|7f|c[01]|e0%[89]|f0%8)|\/(?:\.|%2e){1,2}(?:[;/]|%3b|$)/i

/** The upstream interprets the query; only what could break the request line is refused. */
const unsafeQuery = /[^\x21-\x7e]|#/

/** True for an origin-form target (RFC 9112 §3.2.1) that every parser reads alike. */
export function isSafeTarget(rawTarget: string): boolean {
  const mark = rawTarget.indexOf('?')
  if (mark < 0) return !unsafePath.test(rawTarget)
  return !unsafePath.test(rawTarget.slice(0, mark)) && !unsafeQuery.test(rawTarget.slice(mark))
}

/** The target without its prefix: `/shub/a?b` is `/a?b` to shub. Throws bad_request_target. */
export function withoutPrefix(rawTarget: string, prefix: string): string {
  const rest = rawTarget.slice(prefix.length)
  const cutsCleanly = rawTarget.startsWith(prefix) && (rest === '' || rest[0] === '/' || rest[0] === '?')
  if (!cutsCleanly) throw new GatewayError('bad_request_target')
  return rest[0] === '/' ? rest : `/${rest}`
}

/** The URL of a target below a base URL, which may have a path of its own. Throws bad_request_target. */
export function urlBelow(base: string, target: string): string {
  if (!isSafeTarget(target)) throw new GatewayError('bad_request_target')
  return (base.endsWith('/') ? base.slice(0, -1) : base) + target
}

/** The URL to call for a raw request target. Throws bad_request_target. */
export const upstreamUrl = (rawTarget: string, prefix: string, base: string): string =>
  urlBelow(base, withoutPrefix(rawTarget, prefix))
