/** A request that counts what arrives of its content. Sizes of chunks, their extensions and trailers are no content. */
import { IncomingMessage } from 'node:http'

export class WatchedRequest extends IncomingMessage {
  contentBytes = 0
  /** Its reader has enough for now, so the caller cannot go on. */
  held = false
  /** The body must be complete by then, on the monotonic clock. */
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
