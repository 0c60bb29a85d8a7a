/** Serves the app over Node's HTTP server. */
import type { Server } from 'node:http'
import { serve } from '@hono/node-server'
import { atEndOfTurn } from '../../../adapters/node-http/http1/end-of-turn.ts'
import { isHandshake } from '../../../adapters/websocket-node/server.ts'
import type { Gateway } from '../../../app.ts'
import { isUntyped } from '../../../http/answer/answer.ts'
import { everyMinute } from '../../../services.ts'
import { reloadOnSignal } from '../configuration/reload-on-signal.ts'
import { fatal, listenFailure } from '../fatal.ts'
import { startHealthTimer } from '../health-timer.ts'
import type { NodeDeps } from '../node-deps.ts'
import { bodySweeper, releaseWhenQuiet } from '../release-memory.ts'
import type { Listening } from '../start/start-facts.ts'
import { CompactResponse } from './compact-response.ts'
import { Connections } from './connections.ts'
import { drainOnSignal } from './drain.ts'
import { strictServer } from './strict-server.ts'

/** Many callers may send what is not wanted, at once. */
const sweepEveryDiscardedBytes = 2 * 2 ** 20
const minuteMs = 60_000

/** Slow uploads are legitimate (audio is large), slow headers are not. */
const serverOptions = {
  requestTimeout: 3_600_000,
  headersTimeout: 15_000,
  // Node looks for late headers this often, by default every 30 s.
  connectionsCheckingInterval: 5000,
  keepAliveTimeout: 65_000,
  // Creating and ending the stream of an absent body would cost a tenth of a request.
  optimizeEmptyRequests: true,
  ServerResponse: CompactResponse,
  // Every other upgrade request is answered over HTTP/1.1.
  shouldUpgradeCallback: isHandshake,
}

export function serveNode(
  { app, services }: Gateway,
  deps: NodeDeps,
  closeStores: (leftMs?: number) => Promise<void>,
  listens: (listening: Listening) => void,
): void {
  const { config, log, lifecycle, background, webSockets } = deps
  const executionCtx = { waitUntil: background, passThroughOnException: () => {}, props: {} }
  const server = serve(
    {
      fetch: (request, bindings) =>
        new Promise((resolve, reject) => {
          const answered = (response: Response) => {
            if (isUntyped(response)) (bindings.outgoing as CompactResponse).untyped = true
            atEndOfTurn(() => resolve(response))
          }
          Promise.resolve(app.fetch(request, bindings, executionCtx)).then(answered, reject)
        }),
      hostname: config.host,
      port: config.port,
      createServer: strictServer,
      serverOptions,
    },
    (listening) => {
      listens(listening)
      releaseWhenQuiet()
    },
  )
  const connections = new Connections(server as Server, lifecycle)
  webSockets.attach(server as Server)
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
