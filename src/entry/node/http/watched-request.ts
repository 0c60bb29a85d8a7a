/** A request that counts received content bytes, without chunk headers and trailers. */
import { IncomingMessage } from 'node:http'

export class WatchedRequest extends IncomingMessage {
  contentBytes = 0
  /** Reading is paused, so the caller is blocked. */
  held = false
  /** Deadline for the complete body, on the monotonic clock. */
  completeBy = Number.POSITIVE_INFINITY

  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    const more = super.push(chunk, encoding)
    if (chunk === null) return more
    this.contentBytes += chunk.length
    this.held = !more
    return more
  }

  override _read(size: number): void {
    this.held = false
    super._read(size)
  }
}
