/**
 * Tells systemd that the gateway listens, lives and stops, where it asks for that (NOTIFY_SOCKET, WATCHDOG_USEC). The
 * pings come from the event loop: one that hangs sends none, and systemd starts the gateway again.
 */
import type { Log } from '../../../ports/index.ts'

/** To be called when the gateway listens. */
export async function tellServiceManager(log: Log): Promise<void> {
  const { NOTIFY_SOCKET, WATCHDOG_USEC } = process.env
  if (!NOTIFY_SOCKET) return
  const { execFile } = await import('node:child_process')
  const tell = (state: string) =>
    // Node has no datagram sockets of the Unix kind; systemd-notify has.
    void execFile('systemd-notify', [state], (error) => {
      if (error) log.warn('service_manager_not_told', { reason: error.message })
    })
  tell('READY=1')
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => tell('STOPPING=1'))
  const intervalMs = Number(WATCHDOG_USEC) / 2000
  if (intervalMs >= 1) setInterval(tell, intervalMs, 'WATCHDOG=1').unref()
}
