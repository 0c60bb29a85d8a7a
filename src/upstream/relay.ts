/** Sends the gateway's own request to an upstream and classifies the answer (contract shared/status-codes). */
import type { Config, UpstreamName } from '../config/config.ts'
import { type ErrorCode, GatewayError } from '../errors/gateway-error.ts'
import { readJson } from '../lib/read-body.ts'
import type { TimeLimits, UpstreamAnswer, Upstreams } from '../ports/index.ts'
import { askUpstream, tellUpstream } from './ask.ts'
import { dormantUpstream } from './target.ts'

export interface RelayDeps {
  config: Pick<Config, 'upstreams' | 'upstreamToken' | 'upstreamHeaders'>
  upstreams: Upstreams
}

export interface RelayedRequest {
  upstream: UpstreamName
  target: string
  correlationId: string
  limits?: Partial<TimeLimits>
  /** Sent as JSON by POST; a GET without it. */
  json?: unknown
}

/** The upstream's result: success (2xx, with JSON) or refusal (4xx; `json` is undefined without JSON). */
export interface Relayed {
  status: number
  json: unknown
}

const maxAnswerLength = 4_194_304

/** Rejects with GatewayError: dormant, unreachable, too slow, failed, or the upstream refused the gateway's token. */
export async function relay(deps: RelayDeps, request: RelayedRequest): Promise<Relayed> {
  const { upstream } = request
  try {
    const answer = await send(deps, request)
    if (!answer) throw dormantUpstream(upstream)
    const { status } = answer
    const json = await readJson(answer.body, maxAnswerLength)
    if (status === 401) throw new GatewayError(wordsFor(upstream).refused)
    const isAnswer = (status >= 200 && status < 300 && json !== undefined) || (status >= 400 && status < 500)
    if (!isAnswer) throw new GatewayError(wordsFor(upstream).failed)
    return { status, json }
  } catch (error) {
    throw inOurWords(error, upstream)
  }
}

function send(deps: RelayDeps, request: RelayedRequest): Promise<UpstreamAnswer | undefined> {
  const { upstream, target, correlationId, limits, json } = request
  if (json === undefined) return askUpstream(deps, upstream, { target, correlationId, limits: limits ?? {} })
  return tellUpstream(deps, upstream, { target, correlationId, json, ...(limits && { limits }) })
}

const madreWords = { refused: 'madre_auth_failed', failed: 'madre_failed', late: 'madre_timeout' } as const
const words = { refused: 'upstream_auth_failed', failed: 'upstream_failed', late: 'upstream_timeout' } as const

const wordsFor = (upstream: UpstreamName): Record<'refused' | 'failed' | 'late', ErrorCode> =>
  upstream === 'madre' ? madreWords : words

function inOurWords(error: unknown, upstream: UpstreamName): unknown {
  if (!(error instanceof GatewayError)) return error
  if (error.code === 'upstream_timeout') return new GatewayError(wordsFor(upstream).late, error.details)
  return error.code === 'upstream_malformed' ? new GatewayError(wordsFor(upstream).failed, error.details) : error
}
