/** undici's connector, corrected: a reset connection fails the body instead of ending it. */
import type { Socket } from 'node:net'
import buildConnector from 'undici/lib/core/connect.js'

type Connector = ReturnType<typeof buildConnector>

/**
 * undici treats ECONNRESET as the end of a body that is delimited by the end of the connection, so that half a body
 * would look complete. The error code is renamed before undici sees it.
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
