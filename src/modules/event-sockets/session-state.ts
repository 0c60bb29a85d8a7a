/** The plain data of a socket, so that it can be stored while the socket is quiet. */
import type { SocketTerms } from '../../ports/index.ts'

export interface SessionState extends Omit<SocketTerms, 'since'> {
  /** Events up to this id were delivered or filtered out. */
  position: number
  /** Opened with `since`: it is sent positions beside events. */
  resumes: boolean
  /** The last message in either direction, in epoch milliseconds. */
  activeAt: number
  /** The bucket of its messages (lib/gcra.ts). */
  tat: number
  openedAt: number
}
