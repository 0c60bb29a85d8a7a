/** A simulated upstream: a real HTTP server with FastAPI's routing, a record of its requests, and faults on demand. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type Answer, json, Refusal, serverError } from './answers.ts'
import { type Exchange, openExchange, type RecordedRequest } from './exchange.ts'
import { type Fault, keepsAnswer, replacement, sabotage } from './faults.ts'
import { answerByRoute, get, openApi, type Route } from './routing.ts'

export interface ListenOptions {
  /** 0, the default, takes a free port. */
  port?: number
  host?: string
}

export interface Simulator {
  url: string
  port: number
  requests: readonly RecordedRequest[]
  /** The next request that arrives, as soon as its header section is there. */
  nextRequest(): Promise<RecordedRequest>
  misbehave(fault: Fault | null): void
  close(): Promise<void>
}

export interface SimulatedService {
  title: string
  routes: readonly Route[]
  /** Looks at every request before it is routed; throws a Refusal to end it. */
  guard?: (exchange: Exchange) => Promise<void>
  /** Answers what no route may answer, such as a CORS preflight. */
  intercept?: (exchange: Exchange) => Answer | null
}

export async function startSimulator(service: SimulatedService, options: ListenOptions = {}): Promise<Simulator> {
  const requests: RecordedRequest[] = []
  const waiting: ((request: RecordedRequest) => void)[] = []
  const closing = new AbortController()
  let current: Fault | null = null
  const routes = [...service.routes, get('/openapi.json', () => json(openApi(service.title, service.routes)))]

  const server = createServer(async (request, response) => {
    const exchange = openExchange(request, response, closing.signal)
    requests.push(exchange.recorded)
    for (const resolve of waiting.splice(0)) resolve(exchange.recorded)
    const fault = takeFault(exchange.path)
    try {
      await serve(exchange, { ...service, routes }, fault)
    } catch {
      // A broken-off exchange: its outcome is recorded, and no caller is left to answer.
      response.destroy()
    }
  })

  function takeFault(path: string): Fault | null {
    if (current === null || (current.path !== undefined && current.path !== path)) return null
    const fault = current
    if (fault.times !== undefined) current = fault.times > 1 ? { ...fault, times: fault.times - 1 } : null
    return fault
  }

  const host = options.host ?? '127.0.0.1'
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, () => resolve((server.address() as AddressInfo).port))
  })

  return {
    url: `http://${host}:${port}`,
    port,
    requests,
    nextRequest: () => new Promise((resolve) => waiting.push(resolve)),
    misbehave: (fault) => {
      current = fault
    },
    close: () =>
      new Promise((resolve) => {
        closing.abort()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function serve(exchange: Exchange, service: SimulatedService, fault: Fault | null): Promise<void> {
  if (fault !== null && !keepsAnswer(fault)) {
    const other = replacement(fault)
    if (other === null) return sabotage(fault, exchange.request, exchange.response)
    return send(exchange, other, null)
  }
  if (fault?.kind === 'slow') await delay(fault.ms, undefined, { signal: exchange.signal })
  const answer = await answerFor(exchange, service)
  if (answer !== null) await send(exchange, answer, fault)
}

async function answerFor(exchange: Exchange, service: SimulatedService): Promise<Answer | null> {
  try {
    const intercepted = service.intercept?.(exchange) ?? null
    if (intercepted !== null) return intercepted
    await service.guard?.(exchange)
    return await answerByRoute(exchange, service.routes)
  } catch (error) {
    if (error instanceof Refusal) return error.answer
    if (exchange.signal.aborted) throw error
    return serverError
  }
}

async function send(exchange: Exchange, answer: Answer, fault: Fault | null): Promise<void> {
  await exchange.drain()
  const { response, signal } = exchange
  const bytes = Buffer.from(answer.body)
  const framing = [204, 304].includes(answer.status)
    ? {}
    : { 'content-type': answer.contentType, 'content-length': bytes.length }
  response.writeHead(answer.status, { server: 'uvicorn', ...framing, ...answer.headers })
  if (fault?.kind === 'drip')
    for (const piece of cut(bytes, fault.bytes ?? 1)) {
      response.write(piece)
      await delay(fault.everyMs, undefined, { signal })
    }
  else response.write(bytes)
  response.end()
}

function* cut(bytes: Buffer, size: number): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size)
}
