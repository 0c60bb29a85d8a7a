/** Reads a body up to a maximum size. */
import { parseExactJson } from './exact-json.ts'
import { isDeeper } from './json-depth.ts'

/** The bytes of the body; null if there are more than `maxBytes`. */
export async function readBytes(
  body: ReadableStream<Uint8Array> | Uint8Array | null,
  maxBytes: number,
): Promise<Uint8Array | null> {
  if (body === null) return new Uint8Array()
  if (body instanceof Uint8Array) return body.byteLength <= maxBytes ? body : null
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop cancels the stream.
  for await (const chunk of body) {
    length += chunk.byteLength
    if (length > maxBytes) return null
    chunks.push(chunk)
  }
  return concatBytes(chunks, length)
}

/** The first bytes of a body; the rest is not read. */
export async function readStart(
  body: ReadableStream<Uint8Array> | Uint8Array | null,
  bytes: number,
): Promise<Uint8Array> {
  if (body === null) return new Uint8Array()
  if (body instanceof Uint8Array) return body.subarray(0, bytes)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.byteLength
    if (length >= bytes) break
  }
  return concatBytes(chunks, length).subarray(0, bytes)
}

/** A single chunk is returned without copying. `length` is the total length. */
export function concatBytes(chunks: readonly Uint8Array[], length: number): Uint8Array {
  if (chunks.length === 1 && chunks[0]) return chunks[0]
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.byteLength
  }
  return bytes
}

/** The JSON value of the body; undefined if it is too large, incomplete, not UTF-8, not JSON or nested too deep. */
export async function readJson(
  body: ReadableStream<Uint8Array> | Uint8Array | null,
  maxBytes: number,
): Promise<unknown> {
  return (await readJsonText(body, maxBytes))?.json
}

/** JSON.stringify recurses, so deep values are refused. */
const maxLevels = 512

/** The value with its source text; undefined as above. */
export async function readJsonText(
  body: ReadableStream<Uint8Array> | Uint8Array | null,
  maxBytes: number,
): Promise<{ json: unknown; text: string } | undefined> {
  try {
    const bytes = await readBytes(body, maxBytes)
    if (bytes === null) return undefined
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
    const json = parseExactJson(text)
    return isDeeper(json, maxLevels) ? undefined : { json, text }
  } catch {
    return undefined
  }
}

/** Cancels an unread body, which would keep its connection and its in-flight slot. */
export function discardBody(body: ReadableStream<Uint8Array> | Uint8Array | null | undefined): void {
  if (body instanceof ReadableStream) body.cancel().catch(() => {})
}
