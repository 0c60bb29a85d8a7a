/**
 * Stops the server so that nothing is lost: readiness goes off while connections are still taken, then the listener
 * closes, then streams and sockets are sent elsewhere, then answers are waited for.
 */
import type { ServerType } from '@hono/node-server'
import type { NodeDeps } from '../node-deps.ts'
import type { Connections } from './connections.ts'

interface Running {
  server: ServerType
  connections: Connections
  stopTimers: () => void
  closeStores: (leftMs: number) => Promise<void>
}

type DrainDeps = Pick<NodeDeps, 'clock' | 'config' | 'lifecycle' | 'log' | 'openStreams' | 'webSockets'>

const sendAwayEveryMs = 500

export function drainOnSignal(deps: DrainDeps, running: Running): void {
  const { clock, config, lifecycle, log, webSockets } = deps
  const stop = async (signal: NodeJS.Signals) => {
    if (lifecycle.phase !== 'serving') process.exit(1)
    log.info('draining', { reason: signal, count: running.connections.underWay() + webSockets.open.size })
    const endsAt = clock.monotonic() + config.drain.timeoutMs
    await drain(deps, running, signal, endsAt)
    await running.closeStores(Math.max(0, endsAt - clock.monotonic()))
    log.info('stopped', { count: running.connections.underWay() })
    process.exitCode = 0
    setImmediate(() => process.exit())
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

async function drain(deps: DrainDeps, running: Running, signal: NodeJS.Signals, endsAt: number): Promise<void> {
  const { clock, config, lifecycle, openStreams, webSockets } = deps
  const { server, connections, stopTimers } = running
  const { delayMs } = config.drain
  lifecycle.phase = 'draining'
  // Who presses Ctrl-C has no balancer that must learn of it first.
  if (signal !== 'SIGINT') await clock.sleep(delayMs)
  stopTimers()
  const { ended } = await connections.stopListening(clock)
  const sendAway = () => {
    for (const socket of webSockets.open) socket.goAway()
    for (const stream of openStreams) stream.goAway()
  }
  sendAway()
  // Some were being opened when the listener closed.
  const again = setInterval(sendAway, sendAwayEveryMs)
  await Promise.race([ended, clock.sleep(endsAt - clock.monotonic())])
  clearInterval(again)
  if ('closeAllConnections' in server) server.closeAllConnections()
  for (const socket of webSockets.open) socket.terminate()
}
