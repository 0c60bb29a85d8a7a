/** Streams a ZIP: one entry after the other, none of them whole in memory. */
import { Zip, ZipDeflate } from 'fflate/browser'

export interface ZipEntry {
  name: string
  chunks: AsyncIterable<Uint8Array>
}

/** Nothing is opened before the first read; cancelling ends `entries`. */
export function zipStream(entries: AsyncIterable<ZipEntry>, mtimeMs: number): ReadableStream<Uint8Array> {
  const pieces = zipPieces(entries, mtimeMs)
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await pieces.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}

async function* zipPieces(entries: AsyncIterable<ZipEntry>, mtimeMs: number): AsyncGenerator<Uint8Array, undefined> {
  let ready: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    if (piece.byteLength > 0) ready.push(piece)
  })
  function* taken() {
    yield* ready
    ready = []
  }
  for await (const { name, chunks } of entries) {
    // The lowest level compresses text well enough, and a chunk blocks the event loop for about a millisecond.
    const file = new ZipDeflate(name, { level: 1 })
    file.mtime = mtimeMs
    zip.add(file)
    for await (const chunk of chunks) {
      file.push(chunk)
      yield* taken()
    }
    file.push(new Uint8Array(), true)
    yield* taken()
  }
  zip.end()
  yield* taken()
  return undefined
}
