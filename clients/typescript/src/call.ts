/** An operation as a request, and its answer as a value. */
import type { Operations } from './operations.ts'
import { eitherOf, type Send, whole } from './send.ts'

export interface CallOptions {
  signal?: AbortSignal | undefined
  /** Instead of the client's own. */
  timeoutMs?: number | undefined
  /** Names the exchange in the gateway's logs, events and timelines. */
  correlationId?: string | undefined
}

export type Input<Name extends keyof Operations> = Omit<Operations[Name], 'answer'> & CallOptions
export type Answer<Name extends keyof Operations> = Operations[Name]['answer']

/** What has a required part takes an argument. */
export type Method<Name extends keyof Operations> =
  Record<never, never> extends Input<Name>
    ? (input?: Input<Name>) => Promise<Answer<Name>>
    : (input: Input<Name>) => Promise<Answer<Name>>

type Values = Readonly<Record<string, unknown>>

export interface AnyInput extends CallOptions {
  path?: Readonly<Record<string, string>>
  query?: Values
  headers?: Values
  body?: unknown
}

export async function call(send: Send, route: string, input: AnyInput, timeoutMs: number): Promise<unknown> {
  const [method = '', path = ''] = route.split(' ')
  const signal = eitherOf(input.signal, AbortSignal.timeout(input.timeoutMs ?? timeoutMs))
  const body = input.body === undefined ? {} : { body: JSON.stringify(input.body) }
  const response = await send(filled(path, input.path ?? {}) + queryOf(input.query ?? {}), {
    ...{ method, headers: headersOf(input), signal },
    ...body,
  })
  return readAnswer(response, signal)
}

function headersOf({ headers = {}, body, correlationId }: AnyInput): Record<string, string> {
  const named = Object.entries(headers).filter(([, value]) => value !== undefined)
  return {
    accept: 'application/json',
    ...Object.fromEntries(named.map(([name, value]) => [name, String(value)])),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(correlationId !== undefined && { 'x-correlation-id': correlationId }),
  }
}

/** URLs drop `.` and `..`, also percent-encoded: another route would be asked. */
function filled(path: string, values: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? ''
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`"${value}" cannot stand in a path as ${name}`)
    return encodeURIComponent(value)
  })
}

/** Lists with commas, as the gateway reads them. */
export function queryOf(values: Values): string {
  const named = Object.entries(values).filter(([, value]) => value !== undefined)
  const query = new URLSearchParams(named.map(([name, value]): [string, string] => [name, String(value)])).toString()
  return query && `?${query}`
}

/** JSON as values, text as a string, anything else as bytes; null for an empty answer. */
async function readAnswer(response: Response, signal: AbortSignal): Promise<unknown> {
  const type = response.headers.get('content-type')?.split(';')[0] ?? ''
  if (!/json$|^text\//.test(type)) {
    const bytes = new Uint8Array(await whole(response.arrayBuffer(), signal))
    return bytes.length > 0 ? bytes : null
  }
  const text = await whole(response.text(), signal)
  return type.endsWith('json') ? JSON.parse(text) : text
}
