/** undici's connector, with two corrections: a reset fails a body, and a failed write does not hide an answer. */
import type { Socket } from 'node:net'
import buildConnector from 'undici/lib/core/connect.js'

type Connector = ReturnType<typeof buildConnector>

/** How long an answer may still arrive after a write failed. */
const graceMs = 1000

/**
 * undici treats ECONNRESET as the end of a body that is delimited by the end of the connection, so that half a body
 * would look complete. The error code is renamed before undici sees it.
 */
export function strictConnector(): Connector {
  const connect = buildConnector({ allowH2: false })
  return (options, callback) => {
    const socket = connect(options, callback)
    socket.prependListener('error', renameReset)
    delaysWriteErrors(socket)
    return socket
  }
}

function renameReset(this: Socket, error: NodeJS.ErrnoException): void {
  if (error.code === 'ECONNRESET') error.code = 'UPSTREAM_RESET'
}

type WriteDone = (error?: Error | null) => void

/**
 * An upstream may answer in the middle of an upload and close. The write that fails then would destroy the socket before
 * its received bytes are read, so its error waits until reading has come to an end, or for a moment.
 */
function delaysWriteErrors(socket: Socket): void {
  const { _write: write, _writev: writev } = socket
  const delayed =
    (done: WriteDone): WriteDone =>
    (error) => {
      if (!error) return done()
      const timer = setTimeout(() => done(error), graceMs)
      socket.once('close', () => clearTimeout(timer))
    }
  socket._write = (chunk, encoding, done) => write.call(socket, chunk, encoding, delayed(done))
  if (writev) socket._writev = (chunks, done) => writev.call(socket, chunks, delayed(done))
}
