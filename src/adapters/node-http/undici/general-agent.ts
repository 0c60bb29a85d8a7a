/** undici's connection pool, loaded with the first request that needs it: saves 5 MiB where none does. */
// The Agent alone is a fifth of the undici package.
import Agent from 'undici/lib/dispatcher/agent.js'
import { maxHeadBytes } from '../http1/response-reader.ts'
import { strictConnector } from './connector.ts'

/** Time limits are the exchange's, so undici's own are off. No pipelining. */
export const undiciAgent = (connections: number): Agent =>
  new Agent({
    connections,
    pipelining: 1,
    allowH2: false,
    connect: strictConnector(),
    maxHeaderSize: maxHeadBytes,
    headersTimeout: 0,
    bodyTimeout: 0,
  })
