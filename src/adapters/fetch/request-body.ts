/** The caller's stream as workerd needs it: one that breaks must not look like one that ended. */

/**
 * workerd sends the last chunk of a chunked request even when its stream errors, and the upstream would take half an
 * upload for a whole one (measured). So a broken stream stays open here, and `broke` ends the exchange.
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
