/**
 * Writes log lines to standard output: one write per turn of the event loop, bounded in memory. On a full disk or a
 * broken or blocked pipe, lines are dropped and counted; the program continues.
 */
import { writeSync } from 'node:fs'
import { Socket } from 'node:net'

/** The destination of the lines. */
export interface LineSink {
  /** `done` is called once, with an error when the text is lost. Must not throw. */
  write(text: string, done: (error?: Error | null) => void): void
}

export interface BufferedWriter {
  write(line: string): void
  /** Resolves when all lines so far are written or lost, at the latest after `flushMs`. */
  flush(): Promise<void>
  /** The number of lost lines. */
  dropped(): number
}

interface BufferOptions {
  /** Maximum number of buffered characters. */
  maxLength?: number
  flushMs?: number
}

export function bufferedWriter(
  sink: LineSink,
  { maxLength = 4 * 2 ** 20, flushMs = 2000 }: BufferOptions = {},
): BufferedWriter {
  let pending: string[] = []
  let pendingLength = 0
  let writtenLength = 0
  let dropped = 0
  const waiting = new Set<() => void>()

  const settle = (length: number, lines: number, error?: Error | null) => {
    writtenLength -= length
    if (error) dropped += lines
    if (writtenLength > 0) return
    for (const resolve of waiting) resolve()
    waiting.clear()
  }
  const send = () => {
    if (pending.length === 0) return
    const [text, lines] = [pending.join(''), pending.length]
    pending = []
    pendingLength = 0
    writtenLength += text.length
    sink.write(text, (error) => settle(text.length, lines, error))
  }

  return {
    write(line) {
      if (pendingLength + writtenLength + line.length > maxLength) return void dropped++
      if (pending.length === 0) setImmediate(send)
      pending.push(line)
      pendingLength += line.length
    },
    async flush() {
      send()
      if (writtenLength === 0) return
      await new Promise<void>((resolve) => {
        waiting.add(resolve)
        setTimeout(resolve, flushMs)
      })
    },
    dropped: () => dropped,
  }
}

/**
 * A pipe or terminal is a stream that queues. Files are written directly, because Node's stream for files is destroyed
 * by its first error, such as a full disk, and would not recover.
 */
export const standardOutput = (stream: NodeJS.WritableStream & { fd?: number }): LineSink =>
  stream instanceof Socket ? streamSink(stream) : fileSink(stream.fd ?? 1)

export function streamSink(stream: NodeJS.WritableStream): LineSink {
  // Each write's callback also gets the error; without a listener it would end the process.
  stream.on('error', () => {})
  return { write: (text, done) => void stream.write(text, (error) => done(error)) }
}

export const fileSink = (fd: number): LineSink => ({
  write(text, done) {
    try {
      const bytes = Buffer.from(text)
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
      done()
    } catch (error) {
      done(error as Error)
    }
  },
})
