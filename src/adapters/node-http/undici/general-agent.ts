/** undici's pool of connections, loaded when the first request needs it: 5 MiB that a gateway inside its network saves. */
// Not all of undici, of which this is a fifth.
import Agent from 'undici/lib/dispatcher/agent.js'
import { strictConnector } from './connector.ts'

/** Time limits belong to the exchange, so undici's own are off. One request at a time on a connection. */
export const undiciAgent = (connections: number): Agent =>
  new Agent({
    connections,
    pipelining: 1,
    allowH2: false,
    connect: strictConnector(),
    headersTimeout: 0,
    bodyTimeout: 0,
  })
