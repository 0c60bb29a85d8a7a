/** Serves the app over Node's HTTP server, and does what is due by the minute until it stops. */
import type { Gateway } from '../../../app.ts'
import { everyMinute } from '../../../services.ts'
import { reloadOnSignal } from '../configuration/reload-on-signal.ts'
import { fatal, listenFailure } from '../fatal.ts'
import { startHealthTimer } from '../health-timer.ts'
import type { NodeDeps } from '../node-deps.ts'
import { bodySweeper, releaseWhenQuiet } from '../release-memory.ts'
import type { Listening } from '../start/start-facts.ts'
import { Connections } from './connections.ts'
import { drainOnSignal } from './drain.ts'
import { httpServer } from './http-server.ts'

/** Many callers may send what is not wanted, at once. */
const sweepEveryDiscardedBytes = 2 * 2 ** 20
const minuteMs = 60_000

export function serveNode(
  { app, services }: Gateway,
  deps: NodeDeps,
  closeStores: (leftMs?: number) => Promise<void>,
  listens: (listening: Listening) => void,
): void {
  const { config, log, lifecycle, background, webSockets } = deps
  const executionCtx = { waitUntil: background, passThroughOnException: () => {}, props: {} }
  const server = httpServer(
    (request, bindings) => app.fetch(request, bindings, executionCtx),
    config,
    (listening) => {
      listens(listening)
      releaseWhenQuiet()
    },
  )
  const connections = new Connections(server, lifecycle)
  webSockets.attach(server)
  server.on('discarded', bodySweeper(sweepEveryDiscardedBytes))
  server.on('stalled', (reason: string) => log.info('connection_stalled', { reason }))
  server.on('error', (error) => {
    closeStores().finally(() => fatal(listenFailure(error, config.host, config.port)))
  })

  const minutely = setInterval(() => background(everyMinute(services)), minuteMs)
  minutely.unref()
  // What an instance before this one left undelivered.
  background(services.minutely.webhooks())
  const stopHealthTimer = startHealthTimer(deps)

  const stopTimers = () => {
    clearInterval(minutely)
    stopHealthTimer()
  }
  reloadOnSignal(services)
  drainOnSignal(deps, { server, connections, stopTimers, closeStores })
}
