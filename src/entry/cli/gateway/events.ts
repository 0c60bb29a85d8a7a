/** Follows the events of the running gateway, and posts one. */
import { text } from 'node:stream/consumers'
import type { GatewayEvent } from '../../../../clients/typescript/src/index.ts'
import { isObject } from '../../../lib/json-object.ts'
import { parseJson } from '../../../lib/json-text.ts'
import { CommandError } from '../command/exit-status.ts'
import { jsonOf, printLine, printResult, visible } from '../command/print.ts'
import type { GatewayCommandOptions } from '../commands/options.ts'
import { runningGateway } from './running-gateway.ts'

export interface TailOptions extends GatewayCommandOptions {
  type?: string[]
  severity?: string[]
  module?: string
  correlationId?: string
  since?: number
  count?: number
}

export interface PostOptions extends GatewayCommandOptions {
  source: string
  payload: string
  correlationId?: string
}

export async function tailEvents({
  json,
  count = Number.POSITIVE_INFINITY,
  ...options
}: TailOptions): Promise<undefined> {
  const { client } = runningGateway(options)
  // A wrong address or token ends the command; a gateway that goes away later is waited for.
  await client.getWhoAmI()
  const stopped = new AbortController()
  process.once('SIGINT', () => stopped.abort())
  const onGap = ({ message }: Error) => void process.stderr.write(`Events are missing: ${message}\n`)
  let shown = 0
  for await (const event of client.events({ ...filterIn(options), signal: stopped.signal, onGap })) {
    printLine(json ? jsonOf(event, 0) : lineOf(event))
    if (++shown >= count) break
  }
}

const filterIn = ({ type, severity, module, correlationId, since }: TailOptions) => {
  return { type, severity, module, correlationId, since }
}

const lineOf = ({ ts, stream_id, severity, type, source, summary, correlation_id }: GatewayEvent): string => {
  const words = [ts, String(stream_id), severity.padEnd(8), type, source, summary, correlation_id ?? '']
  return words.map(visible).join('  ').trimEnd()
}

interface Received {
  event_id: string
  stream_id: number
}

export async function postEvent(type: string, options: PostOptions): Promise<undefined> {
  const payload = options.payload === '-' ? await text(process.stdin) : options.payload
  if (!isObject(parseJson(payload))) throw new CommandError('misused', 'The payload must be one JSON object.')
  const headers = {
    'content-type': 'application/json',
    ...(options.correlationId !== undefined && { 'x-correlation-id': options.correlationId }),
  }
  // The payload stays the text that it is: numbers beyond JavaScript's are kept.
  const body = `{"source":${JSON.stringify(options.source)},"type":${JSON.stringify(type)},"payload":${payload}}`
  const response = await runningGateway(options).client.fetch('/events/ingest', { method: 'POST', headers, body })
  const stored = (await response.json()) as Received
  printResult(stored, options.json, () => `Stored as ${stored.event_id}, number ${stored.stream_id} of the stream.`)
}
