/** Adapts the caller's stream for workerd, which ends a chunked upload as if it were whole whenever it gives it up. */

export interface Upload {
  body: ReadableStream<Uint8Array>
  /** Nothing more of it will come, or nothing came for a second; after 30 s in any case. */
  settled(): Promise<void>
}

const silentMs = 1000
const maxSilences = 30

/**
 * workerd sends the last chunk also when the stream errors (measured). A failed stream therefore stays open here, and
 * `broke` ends the exchange. It sends it also when the answer is complete, so that the answer must wait: `settled`.
 */
export function upload(stream: ReadableStream<Uint8Array>, broke: (error: unknown) => void): Upload {
  const reader = stream.getReader()
  const over = Promise.withResolvers<void>()
  let isOver = false
  let pieces = 0
  const end = () => {
    isOver = true
    over.resolve()
  }
  const source = {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      const part = await reader.read().catch((error: unknown) => {
        end()
        broke(error)
        return never
      })
      pieces++
      if (!part.done) return controller.enqueue(part.value)
      controller.close()
      end()
    },
    cancel(reason: unknown) {
      end()
      return reader.cancel(reason)
    },
  }
  return {
    // Asked for a piece only when the one before has been written.
    body: new ReadableStream(source, { highWaterMark: 0 }),
    async settled() {
      for (let n = 0, before = -1; n < maxSilences && !isOver && pieces !== before; n++) {
        before = pieces
        await within(silentMs, over.promise)
      }
    },
  }
}

async function within(ms: number, promise: Promise<void>): Promise<void> {
  const { promise: time, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  await Promise.race([promise, time])
  clearTimeout(timer)
}

const never = new Promise<never>(() => {})
