/** Node's HTTP server under the gateway: strict towards callers, with the answers of a turn written together. */
import type { Server } from 'node:http'
import { type HttpBindings, serve } from '@hono/node-server'
import { atEndOfTurn } from '../../../adapters/node-http/http1/end-of-turn.ts'
import { isHandshake } from '../../../adapters/websocket-node/server.ts'
import { isUntyped } from '../../../http/answer/answer.ts'
import type { Listening } from '../start/start-facts.ts'
import { CompactResponse } from './compact-response.ts'
import { strictServer } from './strict-server.ts'

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

export type Answering = (request: Request, bindings: HttpBindings) => Response | Promise<Response>

export function httpServer(
  answering: Answering,
  { host, port }: { host: string; port: number },
  listens: (listening: Listening) => void,
): Server {
  const options = { hostname: host, port, createServer: strictServer, serverOptions }
  const fetch = (request: Request, bindings: HttpBindings) => answered(answering, request, bindings)
  return serve({ fetch: fetch as Parameters<typeof serve>[0]['fetch'], ...options }, listens) as Server
}

/** At the end of the turn, so that the answers of one turn leave together. */
function answered(answering: Answering, request: Request, bindings: HttpBindings): Promise<Response> {
  return new Promise((resolve, reject) => {
    const send = (response: Response) => {
      if (isUntyped(response)) (bindings.outgoing as CompactResponse).untyped = true
      atEndOfTurn(() => resolve(response))
    }
    Promise.resolve(answering(request, bindings)).then(send, reject)
  })
}
