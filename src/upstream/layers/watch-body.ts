/** A body that tells when it is over: read to its end, broken off, or cancelled. */

export type WatchBody = (body: ReadableStream<Uint8Array>, over: (left: boolean) => void) => ReadableStream<Uint8Array>

/** `over` is called once, with true when the reader left before the end. Holds no chunk back. */
export const watchBody: WatchBody = (body, over) => {
  const reader = body.getReader()
  let left = false
  const ended = () => over(left)
  // Also when nobody is reading: a body that breaks while its reader pauses is over.
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
