/** undici's way to a socket, with one correction: a connection that is reset does not end a body, it breaks it off. */
import type { Socket } from 'node:net'
import buildConnector from 'undici/lib/core/connect.js'

type Connector = ReturnType<typeof buildConnector>

/**
 * undici takes ECONNRESET for the end of a body that only the end of the connection delimits, so that half a body
 * would look like a whole one. It knows the error by its code, which is changed before undici sees it.
 */
export function strictConnector(): Connector {
  const connect = buildConnector({ allowH2: false })
  return (options, callback) => {
    const socket = connect(options, callback)
    socket.prependListener('error', renameReset)
    return socket
  }
}

function renameReset(this: Socket, error: NodeJS.ErrnoException): void {
  if (error.code === 'ECONNRESET') error.code = 'UPSTREAM_RESET'
}
