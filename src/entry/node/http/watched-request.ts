/** A request that counts received content bytes, without chunk headers and trailers. */
import { IncomingMessage } from 'node:http'

export class WatchedRequest extends IncomingMessage {
  contentBytes = 0
  /** Reading is paused, so the caller is blocked. */
  held = false
  /** Set once the response is finished: what still comes is read and dropped. */
  discarded: ((bytes: number) => void) | undefined
  /** Deadline for the complete body, on the monotonic clock. */
  completeBy = Number.POSITIVE_INFINITY

  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    const more = super.push(chunk, encoding)
    if (chunk === null) return more
    this.contentBytes += chunk.length
    this.held = !more
    this.discarded?.(chunk.length)
    return more
  }

  /** node:http calls this when the response is finished, and would drop what still comes uncounted. */
  _dump(): void {
    if (this.discarded) this.resume()
  }

  override _read(size: number): void {
    this.held = false
    super._read(size)
  }
}
