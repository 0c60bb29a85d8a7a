/** The signature that shub's entry guard checks (contract shub/entry-guard). */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

export interface SignedParts {
  method: string
  /** Percent-decoded and without query, as ASGI servers present it. */
  path: string
  /** Whole seconds. */
  timestamp: string
  nonce: string
  bodySha256: string
  requestId: string
  correlationId: string
}

/** Hex HMAC-SHA256 over the seven parts, one per line. The key blocks are hashed once. */
export function guardSigner(secret: string): (parts: SignedParts) => string {
  const keyed = hmac.create(sha256, utf8ToBytes(secret))
  return ({ method, path, timestamp, nonce, bodySha256, requestId, correlationId }) => {
    const text = `${method}\n${path}\n${timestamp}\n${nonce}\n${bodySha256}\n${requestId}\n${correlationId}`
    return bytesToHex(keyed.clone().update(utf8ToBytes(text)).digest())
  }
}

/** Python's unquote: decodes UTF-8, replaces invalid bytes by U+FFFD, keeps a byte order mark. */
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

/** From this size on the platform's digest is used, which does not block the event loop. */
const largeBody = 16_384

/** Lower-case hex. */
export function bodySha256(body: Uint8Array | null): string | Promise<string> {
  if (body === null || body.byteLength === 0) return emptySha256
  if (body.byteLength < largeBody) return bytesToHex(sha256(body))
  const digest = crypto.subtle.digest('SHA-256', body as Uint8Array<ArrayBuffer>)
  return digest.then((bytes) => bytesToHex(new Uint8Array(bytes)))
}
