/** The caller's stream as undici wants it: an async iterable that can be let go of from outside. */
import { GatewayError, TransportError } from '../../../errors/gateway-error.ts'

export interface RequestBody {
  pieces: AsyncIterable<Uint8Array>
  /** Stops reading. The stream is not cancelled: that would close the caller's connection before the answer is out. */
  release(): void
}

export function requestBody(stream: ReadableStream<Uint8Array>): RequestBody {
  const reader = stream.getReader()
  return { pieces: readPieces(reader), release: () => reader.releaseLock() }
}

async function* readPieces(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } catch (error) {
    const tooLarge = error instanceof GatewayError && error.code === 'body_too_large'
    throw new TransportError(tooLarge ? 'body_too_large' : 'aborted', { cause: error })
  }
}
