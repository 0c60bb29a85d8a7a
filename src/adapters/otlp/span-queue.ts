/** Spans that wait to be sent, as text: bounded in number and in length, taken in batches. */

const bounds = { batchSpans: 512, batchLength: 512 * 1024, waitingLength: 4 * 2 ** 20 }

export class SpanQueue {
  readonly #waiting: string[] = []
  readonly #maxWaiting: number
  #length = 0

  constructor(maxWaiting: number) {
    this.#maxWaiting = maxWaiting
  }

  get count(): number {
    return this.#waiting.length
  }

  get fillsBatch(): boolean {
    return this.count >= bounds.batchSpans || this.#length >= bounds.batchLength
  }

  /** False when there is no room. */
  add(span: string): boolean {
    if (this.count >= this.#maxWaiting || this.#length + span.length > bounds.waitingLength) return false
    this.#waiting.push(span)
    this.#length += span.length
    return true
  }

  /** In front of the others; it had room before. */
  putBack(spans: readonly string[]): void {
    this.#waiting.unshift(...spans)
    for (const { length } of spans) this.#length += length
  }

  takeBatch(most = Number.POSITIVE_INFINITY): string[] {
    const limit = Math.min(this.count, most, bounds.batchSpans)
    let count = 0
    let length = 0
    while (count < limit && (count === 0 || length < bounds.batchLength)) length += this.#waiting[count++]?.length ?? 0
    this.#length -= length
    return this.#waiting.splice(0, count)
  }
}
