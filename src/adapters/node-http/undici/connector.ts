/**
 * undici's connector, with three corrections: a reset fails a body, a failed write neither hides an answer nor completes
 * one, and what an upstream says before it is asked is no answer.
 */
import type { Socket } from 'node:net'
import buildConnector from 'undici/lib/core/connect.js'
import { TransportError } from '../../../errors/gateway-error.ts'
import { atEndOfTurn } from '../http1/end-of-turn.ts'

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
    const socket = connect(options, (error, connected) => {
      if (error) callback(error, null)
      else afterFirstReading(connected, (failure) => (failure ? callback(failure, null) : callback(null, connected)))
    })
    socket.prependListener('error', renameReset)
    delaysWriteErrors(socket)
    return socket
  }
}

/** Reading begins after the turn of the connect, so a turn later it is known whether the upstream spoke first. */
function afterFirstReading(socket: Socket, done: (failure: TransportError | null) => void): void {
  atEndOfTurn(() =>
    atEndOfTurn(() => {
      if (socket.destroyed) return done(new TransportError('reset'))
      if (socket.readableLength === 0) return done(null)
      socket.destroy()
      done(new TransportError('malformed'))
    }),
  )
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
  const { _write: write, _writev: writev, push } = socket
  let failed = false
  const delayed =
    (done: WriteDone): WriteDone =>
    (error) => {
      if (!error) return done()
      failed = true
      const timer = setTimeout(() => done(error), graceMs)
      socket.once('close', () => clearTimeout(timer))
    }
  socket._write = (chunk, encoding, done) => write.call(socket, chunk, encoding, delayed(done))
  if (writev) socket._writev = (chunks, done) => writev.call(socket, chunks, delayed(done))
  // The failed write took the reset's error with it: what reads as an orderly end is none, and the grace ends it.
  socket.push = (chunk, encoding) => (chunk === null && failed ? false : push.call(socket, chunk, encoding))
}
