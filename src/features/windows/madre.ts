/** Sends an operator's request to madre, and maps her failures to the catalogue's codes (contract Q-34). */
import { type ErrorCode, type ErrorDetails, GatewayError } from '../../errors/gateway-error.ts'
import type { KeepNumbers } from '../../lib/exact-json.ts'
import { isDeeper } from '../../lib/json-depth.ts'
import { isObject } from '../../lib/json-object.ts'
import { parseJson } from '../../lib/json-text.ts'
import { readBytes } from '../../lib/read-body.ts'
import { attemptFields, principalHeader } from '../../modules/power/power-change.ts'
import type { Deps, HeaderFields, TimeLimits, UpstreamAnswer } from '../../ports/index.ts'
import { askUpstream, tellUpstream } from '../../upstream/ask.ts'
import { dormantUpstream } from '../../upstream/target.ts'

export type AskMadreDeps = Pick<Deps, 'config' | 'log' | 'upstreams'>

export type MadreFields = Record<string, unknown>

/** Who asks, under which correlation id. */
export interface Caller {
  correlationId: string
  principal: string
  traceparent?: string | undefined
  /** The audit's row of this act. */
  attempt?: number | undefined
}

export interface MadreAnswer {
  status: number
  /** Undefined when its body is no JSON object. */
  json: MadreFields | undefined
  /** Madre's own words: the `detail` of her error, or its text; null without any. */
  reason: string | null
}

interface Request {
  target: string
  caller: Caller
  /** `digits` where her answer is passed on as her own; default `value`. */
  keep?: KeepNumbers | undefined
  headers?: HeaderFields
}

/** Rejects with a window's error when madre cannot be asked; the caller judges her answer. */
export const tellMadre = (
  deps: AskMadreDeps,
  { caller, headers, keep, ...request }: Request & { json: unknown; limits?: Partial<TimeLimits> },
): Promise<MadreAnswer> =>
  answered(deps, { target: request.target, caller, keep }, () =>
    tellUpstream(deps, 'madre', {
      ...request,
      correlationId: caller.correlationId,
      headers: {
        ...headers,
        [principalHeader]: caller.principal,
        ...attemptFields(deps.config, caller.attempt),
      },
    }),
  )

export const askMadre = (deps: AskMadreDeps, { caller, keep, ...request }: Request): Promise<MadreAnswer> =>
  answered(deps, { target: request.target, caller, keep }, () =>
    askUpstream(deps, 'madre', { ...request, correlationId: caller.correlationId, limits: {} }),
  )

type Asked = Pick<Request, 'target' | 'caller' | 'keep'>

const maxAnswerLength = 1_048_576

async function answered(
  { config, log }: AskMadreDeps,
  { target, caller: { correlationId }, keep }: Asked,
  exchange: () => Promise<UpstreamAnswer | undefined>,
): Promise<MadreAnswer> {
  try {
    const answer = await exchange()
    if (!answer) throw dormantUpstream('madre')
    const { status } = answer
    const read = parseAnswer(await readBytes(answer.body, maxAnswerLength).catch(() => null), keep)
    const reason = status < 400 ? null : read.reason
    if (reason !== null) log.warn('madre_refused', { correlation_id: correlationId, route: target, status, reason })
    // The embedded madre is this gateway: its 503 is the gateway's own database.
    if (status === 503 && config.upstreams.madre.kind === 'embedded')
      throw new GatewayError('database_unavailable', reason === null ? {} : { detail: reason })
    return { status, json: read.json, reason }
  } catch (error) {
    throw error instanceof GatewayError ? inOurWords(error) : error
  }
}

function parseAnswer(bytes: Uint8Array | null, keep?: KeepNumbers): Pick<MadreAnswer, 'json' | 'reason'> {
  const text = bytes === null ? '' : new TextDecoder().decode(bytes)
  const json = parseJson(text, keep)
  if (!isObject(json) || isDeeper(json, maxLevels)) return { json: undefined, reason: inOneLine(text) }
  return { json, reason: typeof json.detail === 'string' ? inOneLine(json.detail) : null }
}

/** JSON.stringify recurses. */
const maxLevels = 512
const maxReasonLength = 500

const inOneLine = (text: string): string | null =>
  [
    ...text
      .toWellFormed()
      .replaceAll(/[\p{Cc}\s]+/gu, ' ')
      .trim(),
  ]
    .slice(0, maxReasonLength)
    .join('') || null

const ourWords: Partial<Record<ErrorCode, ErrorCode>> = {
  upstream_timeout: 'madre_timeout',
  upstream_malformed: 'madre_failed',
}

const inOurWords = ({ code, details }: GatewayError) => windowError(ourWords[code] ?? code, details)

type Words = Partial<Record<number, ErrorCode>>

/** What madre's statuses mean on any of her power routes. */
const powerWords: Words = { 401: 'madre_auth_failed', 403: 'madre_auth_failed', 501: 'not_implemented' }

/** What they mean when a window is opened or closed. */
export const windowWords: Words = {
  ...powerWords,
  404: 'no_active_window',
  409: 'window_already_active',
  422: 'service_not_allowed',
}

/** The object of a 200, or the error that another status stands for, with madre's own reason. */
export function objectOf({ status, json, reason }: MadreAnswer, words: Words = powerWords): MadreFields {
  if (status === 200 && json) return json
  throw windowError(words[status] ?? 'madre_failed', reason === null ? {} : { upstreamReason: reason })
}

export const windowError = (code: ErrorCode, details: ErrorDetails = {}) =>
  new GatewayError(code, { ...details, asWindowError: true })
