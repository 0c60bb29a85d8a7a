/** Adapts the caller's stream for workerd, where a failed stream must not look like a complete one. */

/**
 * workerd sends the last chunk of a chunked request even when its stream errors, so that half an upload looks complete
 * (measured). A failed stream therefore stays open here, and `broke` ends the exchange.
 */
export function requestBody(stream: ReadableStream<Uint8Array>, broke: (error: unknown) => void) {
  const reader = stream.getReader()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const part = await reader.read().catch((error: unknown) => {
        broke(error)
        return never
      })
      if (part.done) controller.close()
      else controller.enqueue(part.value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

const never = new Promise<never>(() => {})
