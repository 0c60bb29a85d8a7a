/** What a fault is: something that happens on a connection in the place of an answer. */
import type { Socket } from 'node:net'
import type { SeenRequest } from './strict-request.ts'

export interface FaultContext {
  socket: Socket
  request: SeenRequest
  /** Counts what a fault writes, for those who ask how much an upstream could get rid of. */
  wrote(bytes: number): void
}

export type Fault = (context: FaultContext) => unknown

/** By the name that stands in the request path. */
export type Faults = Readonly<Record<string, Fault>>
