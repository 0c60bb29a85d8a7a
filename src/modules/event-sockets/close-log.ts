/** The log line of a closed socket. */
import type { Log } from '../../ports/index.ts'
import type { SessionState } from './session-state.ts'

export function logClosedSocket(log: Log, { principal, openedAt }: SessionState, now: number, reason: string): void {
  log.info('socket_closed', { ...(principal !== undefined && { principal }), duration_ms: now - openedAt, reason })
}
