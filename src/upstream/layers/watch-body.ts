/** Reports the end of a body: complete, failed or cancelled. */

export type WatchBody = (body: ReadableStream<Uint8Array>, over: (left: boolean) => void) => ReadableStream<Uint8Array>

/** `over` is called once, with true if the reader cancelled. Buffers nothing. */
export const watchBody: WatchBody = (body, over) => {
  const reader = body.getReader()
  let left = false
  const ended = () => over(left)
  // Also observes a body that fails while its reader pauses.
  reader.closed.then(ended, ended)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await reader.read()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel(reason) {
        left = true
        return reader.cancel(reason)
      },
    },
    { highWaterMark: 0 },
  )
}
