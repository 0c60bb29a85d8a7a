/** What one socket of /ws may ask of the gateway, and all of them together. */

export interface SocketRules {
  maxMessageBytes: number
  /** Messages a minute from one socket; each further 16 KiB of a message counts as one more. */
  messagesPerMinute: number
  /** Messages a minute that are refused beyond those; one more closes the socket. */
  refusedPerMinute: number
  /** Above this many unsent bytes a socket is sent no events, and not read; it catches up from the database. */
  highWaterBytes: number
  /** Where nothing tells what is unsent: characters that a socket is sent while it says nothing, until it is closed. */
  maxUnanswered: number
  /** A socket that takes nothing for so long is closed. */
  stalledMs: number
  /** A ping this often, where the platform can; a socket that shows no sign of life until the next is dropped. */
  pingEveryMs: number
  /** The longest time without anything said in either direction. */
  idleMs: number
  /** How long a socket has for the closing handshake. */
  closeWithinMs: number
  /** Sockets of one principal, and of all, in one audience. */
  maxPerPrincipal: number
  maxTotal: number
  /** Events that are read from the database at once. */
  pageEvents: number
}

export const socketRules: SocketRules = {
  maxMessageBytes: 1_048_576,
  messagesPerMinute: 600,
  refusedPerMinute: 100,
  highWaterBytes: 262_144,
  maxUnanswered: 8_388_608,
  stalledMs: 30_000,
  pingEveryMs: 30_000,
  idleMs: 3_600_000,
  closeWithinMs: 10_000,
  maxPerPrincipal: 100,
  maxTotal: 1000,
  pageEvents: 100,
}
