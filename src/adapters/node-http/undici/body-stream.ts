/** An upstream's body as a web stream that buffers at most 64 KiB before it pauses the socket. */

export const bufferBytes = 65_536

export interface BodySource {
  resume(): void
  cancel(): void
}

export class BodyStream {
  readonly readable: ReadableStream<Uint8Array>
  #controller!: ReadableStreamDefaultController<Uint8Array>

  constructor(source: BodySource) {
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => source.resume(),
        cancel: () => source.cancel(),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: bufferBytes }),
    )
  }

  /** False when the buffer is full. */
  push(chunk: Uint8Array): boolean {
    this.#controller.enqueue(chunk)
    return (this.#controller.desiredSize ?? 0) > 0
  }

  end(): void {
    this.#controller.close()
  }

  fail(error: Error): void {
    this.#controller.error(error)
  }
}
