/** Sends an operator's request to madre, and maps her failures to the catalogue's codes (contract Q-34). */
import { type ErrorCode, type ErrorDetails, GatewayError } from '../../errors/gateway-error.ts'
import { isObject } from '../../lib/json-object.ts'
import { readJson } from '../../lib/read-body.ts'
import type { Deps, HeaderFields, TimeLimits, UpstreamAnswer } from '../../ports/index.ts'
import { askUpstream, tellUpstream } from '../../upstream/ask.ts'
import { dormantUpstream } from '../../upstream/target.ts'

export type AskMadreDeps = Pick<Deps, 'config' | 'upstreams'>

export type MadreFields = Record<string, unknown>

export interface MadreAnswer {
  status: number
  /** Undefined when its body is no JSON object. */
  json: MadreFields | undefined
}

interface Wish {
  target: string
  correlationId: string
  headers?: HeaderFields
}

/** Rejects with a window's error when madre cannot be asked; what it answers is the caller's to judge. */
export const tellMadre = (
  deps: AskMadreDeps,
  wish: Wish & { json: unknown; limits?: Partial<TimeLimits> },
): Promise<MadreAnswer> => answered(() => tellUpstream(deps, 'madre', wish))

export const askMadre = (deps: AskMadreDeps, wish: Wish): Promise<MadreAnswer> =>
  answered(() => askUpstream(deps, 'madre', { ...wish, limits: {} }))

const maxAnswerLength = 1_048_576

async function answered(exchange: () => Promise<UpstreamAnswer | undefined>): Promise<MadreAnswer> {
  try {
    const answer = await exchange()
    if (!answer) throw dormantUpstream('madre')
    const json = await readJson(answer.body, maxAnswerLength)
    return { status: answer.status, json: isObject(json) ? json : undefined }
  } catch (error) {
    throw error instanceof GatewayError ? inOurWords(error) : error
  }
}

const ourWords: Partial<Record<ErrorCode, ErrorCode>> = {
  upstream_timeout: 'madre_timeout',
  upstream_malformed: 'madre_failed',
}

const inOurWords = ({ code, details }: GatewayError) => windowError(ourWords[code] ?? code, details)

type Words = Partial<Record<number, ErrorCode>>

/** What madre's statuses mean on any of its power routes. */
const powerWords: Words = { 401: 'madre_auth_failed', 403: 'madre_auth_failed', 501: 'not_implemented' }

/** What they mean when a window is opened or closed. */
export const windowWords: Words = {
  ...powerWords,
  404: 'no_active_window',
  409: 'window_already_active',
  422: 'service_not_allowed',
}

/** The object of a 200, or the error that another status stands for. */
export function objectOf({ status, json }: MadreAnswer, words: Words = powerWords): MadreFields {
  if (status === 200 && json) return json
  throw windowError(words[status] ?? 'madre_failed')
}

export const windowError = (code: ErrorCode, details: ErrorDetails = {}) =>
  new GatewayError(code, { ...details, asWindowError: true })
