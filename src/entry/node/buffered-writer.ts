/** Gathers the lines of one turn of the event loop into one write: a system call per request is what logging costs. */

export function bufferedWriter(stream: NodeJS.WritableStream) {
  let pending = ''
  const flush = () =>
    new Promise<void>((resolve) => {
      const lines = pending
      pending = ''
      stream.write(lines, () => resolve())
    })
  return {
    write(line: string) {
      if (pending === '') setImmediate(flush)
      pending += line
    },
    /** Resolves when everything written so far has left the process. */
    flush,
  }
}
