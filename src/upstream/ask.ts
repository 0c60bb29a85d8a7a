/** Requests that the gateway makes to upstreams on its own account. */
import type { Config, UpstreamName } from '../config/config.ts'
import { GatewayError } from '../errors/gateway-error.ts'
import { readJson } from '../lib/read-body.ts'
import type { CancelSignal, HeaderFields, TimeLimits, UpstreamAnswer, Upstreams } from '../ports/index.ts'
import { ownRequestHeaders } from './headers/request-headers.ts'
import { viaName } from './headers/via.ts'

interface Question {
  target: string
  correlationId: string
  limits: Partial<TimeLimits>
  /** Added to the gateway's own headers. */
  headers?: HeaderFields
  /** Cancels the exchange and its body. */
  signal?: CancelSignal
}

interface Command extends Omit<Question, 'limits' | 'signal'> {
  json: unknown
  /** Default: the operation's limits. */
  limits?: Partial<TimeLimits>
  /** Epoch milliseconds by which the answer must begin. */
  deadlineAt?: number
  signal?: CancelSignal
}

interface Askable {
  config: Pick<Config, 'upstreams' | 'upstreamToken' | 'upstreamHeaders'>
  upstreams: Upstreams
}

/** A GET on the gateway's own account. Undefined when the upstream is dormant; rejects with GatewayError. */
export async function askUpstream(
  { config, upstreams }: Askable,
  name: UpstreamName,
  { target, correlationId, limits, headers, signal }: Question,
): Promise<UpstreamAnswer | undefined> {
  const fields = { ...headers, ...ownHeaders(config, name, correlationId) }
  return upstreams[name]?.(target, { method: 'GET', headers: fields, body: null, limits, ...(signal && { signal }) })
}

/** A POST of JSON on the gateway's own account. Undefined when the upstream is dormant; rejects with GatewayError. */
export async function tellUpstream(
  { config, upstreams }: Askable,
  name: UpstreamName,
  { target, correlationId, json, headers, ...bounds }: Command,
): Promise<UpstreamAnswer | undefined> {
  const body = new TextEncoder().encode(JSON.stringify(json))
  const fields = { ...headers, ...ownHeaders(config, name, correlationId), 'content-type': 'application/json' }
  return upstreams[name]?.(target, { method: 'POST', headers: fields, body, ...bounds })
}

const ownHeaders = (config: Askable['config'], name: UpstreamName, correlationId: string): HeaderFields => {
  const { upstreamToken, upstreamHeaders } = config
  return ownRequestHeaders({ correlationId, upstreamToken, extraHeaders: upstreamHeaders[name], via: viaName(config) })
}

const maxAnswerLength = 65_536

/** The JSON of a 200, a coarse failure reason, or null for a dormant upstream. Never rejects. */
export async function askJson(
  askable: Askable,
  name: UpstreamName,
  question: Question,
): Promise<{ json: unknown } | string | null> {
  try {
    const answer = await askUpstream(askable, name, question)
    return answer ? await readAnswer(answer) : null
  } catch (error) {
    return error instanceof GatewayError ? error.code : 'unexpected_error'
  }
}

async function readAnswer({ status, body }: UpstreamAnswer) {
  const json = await readJson(body, maxAnswerLength)
  if (status !== 200) return `status_${status}`
  return json === undefined ? 'malformed_answer' : { json }
}
