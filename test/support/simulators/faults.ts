/** Ways for a simulated upstream to go wrong on demand. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { type Answer, serverError } from './answers.ts'

/** `times` ends the fault after that many requests, `path` keeps it to one path; without them it stays and hits all. */
export type Fault = FaultKind & { times?: number; path?: string }

type FaultKind =
  /** The right answer, after `ms`. */
  | { kind: 'slow'; ms: number }
  /** The right answer, a piece of `bytes` (1) every `everyMs`. */
  | { kind: 'drip'; everyMs: number; bytes?: number }
  /** Another status; without a body it is the text that an unhandled exception gives. */
  | { kind: 'status'; status: number; body?: string; contentType?: string; headers?: Readonly<Record<string, string>> }
  /** 200 and a JSON type, over a body that is not JSON. */
  | { kind: 'not-json' }
  /** Bytes that are not HTTP. */
  | { kind: 'garbage' }
  /** A TCP reset, before any answer. */
  | { kind: 'reset' }
  /** Silence: no answer, or after a status line and half a body. */
  | { kind: 'stall'; after?: 'nothing' | 'half' }
  /** Half of the promised body, then a TCP reset. */
  | { kind: 'cut' }
  /** More body than `Content-Length` says. */
  | { kind: 'lie' }

/** The faults that keep the right answer and only change its pace. */
export const keepsAnswer = (fault: Fault): boolean => fault.kind === 'slow' || fault.kind === 'drip'

/** The answer that replaces the right one, when the fault is a well-formed one. */
export function replacement(fault: Fault): Answer | null {
  if (fault.kind === 'not-json') return { status: 200, contentType: 'application/json', body: '<html>not json' }
  if (fault.kind !== 'status') return null
  const { status, body, contentType = 'application/json', headers = {} } = fault
  return body === undefined ? { ...serverError, status, headers } : { status, contentType, body, headers }
}

/** Breaks the exchange below HTTP, or leaves it hanging. */
export function sabotage(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  if (fault.kind === 'garbage') request.socket.end('\u0000\u0001 this is not HTTP\r\n\r\n')
  if (fault.kind === 'reset') reset(request.socket)
  if (fault.kind === 'stall' && fault.after === 'half') writeHalf(response)
  if (fault.kind === 'cut') writeHalf(response, () => reset(request.socket))
  if (fault.kind === 'lie') lie(request.socket)
}

const half = '{"status":'

function writeHalf(response: ServerResponse, written: () => void = () => {}): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': half.length * 2 })
  response.write(half, written)
}

function lie(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{"status":"ok"}')
}

const reset = (socket: Socket): void => void socket.resetAndDestroy()
