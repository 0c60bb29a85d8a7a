/** Adapts the caller's stream to an async iterable for undici that can be released from outside. */
import { GatewayError, TransportError } from '../../../errors/gateway-error.ts'

export interface RequestBody {
  pieces: AsyncIterable<Uint8Array>
  /** Stops reading without cancelling: that would close the caller's connection before the answer is sent. */
  release(): void
}

export function undiciRequestBody(stream: ReadableStream<Uint8Array>): RequestBody {
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
