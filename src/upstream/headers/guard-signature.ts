/** The signature that shub's entry guard checks (upstream-contracts §6.2). */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

export interface SignedParts {
  method: string
  /** As an ASGI server presents it: percent-decoded, without query. */
  path: string
  /** Whole seconds. */
  timestamp: string
  nonce: string
  bodySha256: string
  requestId: string
  correlationId: string
}

/** Hex HMAC-SHA256 over the seven parts, one to a line. The key's own two blocks are hashed once. */
export function guardSigner(secret: string): (parts: SignedParts) => string {
  const keyed = hmac.create(sha256, utf8ToBytes(secret))
  return ({ method, path, timestamp, nonce, bodySha256, requestId, correlationId }) => {
    const text = `${method}\n${path}\n${timestamp}\n${nonce}\n${bodySha256}\n${requestId}\n${correlationId}`
    return bytesToHex(keyed.clone().update(utf8ToBytes(text)).digest())
  }
}

/** Python's unquote: UTF-8, what is no UTF-8 becomes U+FFFD, a byte order mark stays. */
export function asgiPath(target: string): string {
  const mark = target.indexOf('?')
  const path = mark < 0 ? target : target.slice(0, mark)
  if (!path.includes('%')) return path
  const bytes: number[] = []
  for (let i = 0; i < path.length; i++) {
    const escaped = path[i] === '%' && /^[0-9a-f]{2}$/i.test(path.slice(i + 1, i + 3))
    bytes.push(escaped ? Number.parseInt(path.slice(i + 1, i + 3), 16) : path.charCodeAt(i))
    if (escaped) i += 2
  }
  return new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(new Uint8Array(bytes))
}

const emptySha256 = bytesToHex(sha256(new Uint8Array()))

/** From here on the platform's own digest, which does not hold up the event loop. */
const largeBody = 16_384

/** Lower-case hex. */
export function bodySha256(body: Uint8Array | null): string | Promise<string> {
  if (body === null || body.byteLength === 0) return emptySha256
  if (body.byteLength < largeBody) return bytesToHex(sha256(body))
  const digest = crypto.subtle.digest('SHA-256', body as Uint8Array<ArrayBuffer>)
  return digest.then((bytes) => bytesToHex(new Uint8Array(bytes)))
}
