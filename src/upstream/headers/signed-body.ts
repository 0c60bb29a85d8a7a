/** Reads a caller's stream whole, with a size limit and an idle timeout. */
import { GatewayError, TransportError } from '../../errors/gateway-error.ts'
import { concatBytes } from '../../lib/read-body.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { Clock } from '../../ports/index.ts'

interface Bounds {
  max: number
  idleMs: number
  clock: Clock
}

/**
 * Null if the body exceeds `maxBytes`. The stream is released, not cancelled: that would close the caller's connection
 * before the answer is sent. Rejects with GatewayError.
 */
export async function readSignedBody(stream: ReadableStream<Uint8Array>, bounds: Bounds): Promise<Uint8Array | null> {
  const reader = stream.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await nextPiece(reader, bounds)
      if (done) return concatBytes(chunks, length)
      length += value.byteLength
      if (length > bounds.max) return null
      chunks.push(value)
    }
  } catch (error) {
    throw error instanceof GatewayError ? error : brokenBody(error)
  } finally {
    reader.releaseLock()
  }
}

const nextPiece = (reader: ReadableStreamDefaultReader<Uint8Array>, { clock, idleMs }: Bounds) =>
  withTimeout(clock, idleMs, reader.read(), () => new GatewayError('request_timeout'))

/** The caller's connection broke. */
const brokenBody = (cause: unknown) =>
  new GatewayError('client_closed_request', {}, { cause: new TransportError('aborted', { cause }) })
