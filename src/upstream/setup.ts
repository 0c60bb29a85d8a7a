/** What upstreams are made of. */
import type { Config } from '../config/config.ts'
import type { Announce, Clock, Log, Metrics, Random, Tracing } from '../ports/index.ts'
import type { WatchBody } from './layers/watch-body.ts'
import type { Transports } from './target.ts'
import type { WebSocketTransports } from './websocket/target.ts'

export interface UpstreamSetup {
  config: Config
  clock: Clock
  random: Random
  log: Log
  metrics: Metrics
  announce: Announce
  transports: Transports
  /** Absent: no upstream speaks WebSocket. */
  webSocketTransports?: WebSocketTransports
  /** Absent where JavaScript must not read bodies (in-flight.ts). */
  watchBody?: WatchBody
  /** Absent where tracing is off. */
  tracing?: Tracing | undefined
  /** Waits between tries; defaults to the clock's sleep. */
  pause?: Clock['sleep']
}
