/** A stream that forwards up to `limit` bytes, then fails with the given error. */
export function limitBytes(limit: number, tooMany: () => Error): TransformStream<Uint8Array, Uint8Array> {
  let seen = 0
  return new TransformStream({
    transform(chunk, controller) {
      seen += chunk.byteLength
      if (seen > limit) controller.error(tooMany())
      else controller.enqueue(chunk)
    },
  })
}
