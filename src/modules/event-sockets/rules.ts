/** The limits of one socket of /ws, and of all together. */

export interface SocketRules {
  maxMessageBytes: number
  /** Messages a minute from one socket; each further 16 KiB of a message counts as one more. */
  messagesPerMinute: number
  /** Refused messages a minute; one more closes the socket. */
  refusedPerMinute: number
  /** Above this many unsent bytes a socket gets no events and is not read; it catches up from the database. */
  highWaterBytes: number
  /** Where unsent bytes are unknown: characters sent to a silent socket before it is closed. */
  maxUnanswered: number
  /** A socket that reads nothing for this long is closed. */
  stalledMs: number
  /** Interval of pings, where the platform can send them; a socket silent until the next is dropped. */
  pingEveryMs: number
  /** The longest time without a message in either direction. */
  idleMs: number
  /** The time limit of the closing handshake. */
  closeWithinMs: number
  /** Sockets of one principal, and of all, in one registry. */
  maxPerPrincipal: number
  maxTotal: number
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
}
