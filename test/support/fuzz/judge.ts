/** Whether each answer that a caller got is its own, whole where it says so, or an error of the gateway. */
import { type AnswerPlan, answersField } from './answers.ts'
import { type FuzzCase, isClean } from './cases.ts'
import type { Heard } from './conversation.ts'
import { type Ledger, type Runtime, shown } from './ledger.ts'
import { fieldValue, type ReadAnswer, type ReadRequest, readAnswers } from './read-message.ts'

export interface Verdict {
  faults: string[]
  /** Answers of the upstream's that were passed on, and errors of the gateway. */
  passed: number
  refused: number
}

export function judge(runtime: Runtime, ledger: Ledger, each: FuzzCase, heard: Heard): Verdict {
  const { bytes, end } = heard
  const { reading } = each
  const answers = readAnswers(bytes, methodsOf(each), end === 'closed')
  const faults: string[] = []
  let passed = 0
  // workerd reads on behind bytes that are doubtful.
  const mayBeMore = runtime === 'workerd' && reading.doubt !== null
  for (const [index, answer] of answers.messages.entries()) {
    const request = reading.messages[index]
    if (isGateways(runtime, answer, request))
      faults.push(...gatewaysFaults(answer, request, mayBeMore ? 0 : index - reading.messages.length))
    else if (isPoison(answer)) faults.push(...poisonFaults(ledger, answer, heard))
    else {
      passed++
      faults.push(...upstreamsFaults(runtime, answer, request, ledger.planOf(each, index)))
    }
  }
  if (answers.doubt !== null) faults.push(`malformed (${answers.doubt}): ${shown(bytes)}`)
  if (end === 'closed' && answers.rest > 0 && !isErrorToHead(each, answers.messages))
    faults.push(`a part of an answer's head: ${shown(bytes.subarray(-answers.rest))}`)
  if (end === 'stuck') faults.push(`${answers.messages.length} answers, then nothing more: ${shown(bytes)}`)
  // On a busy machine a time limit may be met.
  const late = answers.messages.filter(({ status }) => status === 503 || status === 504).length
  if (isClean(each) && passed + late < reading.messages.length)
    faults.push(`${passed} of ${reading.messages.length} answers of an honest exchange: ${shown(bytes)}`)
  return { faults, passed, refused: answers.messages.length - passed }
}

/** Of a head that was not understood the method is not known, so its error has a body. The connection ends with it. */
const isErrorToHead = (each: FuzzCase, answers: readonly ReadAnswer[]) =>
  methodsOf(each)[answers.length - 1] === 'HEAD' && (answers.at(-1)?.status ?? 0) >= 400

const isPoison = (answer: ReadAnswer) => fieldOf(answer, answersField) === 'nobody'

/** No client can distinguish bytes that cross its request on the way from the answer. */
function poisonFaults(ledger: Ledger, { complete, body }: ReadAnswer, { startedAt }: Heard): string[] {
  const early = startedAt - ledger.unaskedAt(Number(body.toString()))
  // An answer to HEAD does not carry its number.
  if (!complete || body.length === 0 || early <= 0) return []
  return [`bytes that had left ${early.toFixed(3)} ms before the caller came passed for its answer`]
}

export const methodsOf = ({ reading }: FuzzCase): string[] => reading.messages.map(({ method }) => method)

const fieldOf = ({ fields }: ReadAnswer, name: string) => fieldValue(fields, name)

/** An error of the gateway's, or of the runtime's own server; or an own page, where the target is one. */
function isGateways(runtime: Runtime, answer: ReadAnswer, request: ReadRequest | undefined): boolean {
  if (fieldOf(answer, answersField) !== undefined) return false
  if (request && !request.target.startsWith('/shub')) return true
  return runtime === 'workerd' ? answer.status >= 400 : fieldOf(answer, 'content-type') === 'application/problem+json'
}

function gatewaysFaults(answer: ReadAnswer, request: ReadRequest | undefined, beyond: number): string[] {
  const faults: string[] = []
  if (beyond > 0) faults.push('more answers than requests')
  if (fieldOf(answer, 'content-type') !== 'application/problem+json') return faults
  // Of a request that was read in another way the method is not known, either.
  const isEmpty = request?.method === 'HEAD' || answer.body.length === 0
  if (isEmpty || !answer.complete) return faults
  // An answer to a HEAD that was read in another way has the next one where a body would be.
  if (!request && answer.body.toString('latin1', 0, 9) === 'HTTP/1.1 ') return faults
  const { error, status_code } = JSON.parse(answer.body.toString()) as Record<string, unknown>
  if (error === 'unexpected_error') faults.push('an unexpected error')
  if (status_code !== answer.status) faults.push(`${answer.status} says ${status_code}`)
  return faults
}

function upstreamsFaults(
  runtime: Runtime,
  answer: ReadAnswer,
  request: ReadRequest | undefined,
  plan: AnswerPlan | undefined,
): string[] {
  if (!request || !plan) return [`an answer to nothing: ${answer.status} ${fieldOf(answer, answersField)}`]
  const { messages, doubt } = readAnswers(Buffer.concat(plan.pieces), [request.method], plan.after === 'end')
  const [planned] = messages
  if (doubt !== null && isLenient(runtime, request)) return foreignFaults(answer, plan)
  if (!planned) return [`an answer that the upstream did not give: ${answer.status} ${shown(answer.body)}`]
  const faults: string[] = []
  for (const name of [answersField, 'x-fuzz-a']) {
    const [got, said] = [fieldOf(answer, name), fieldOf(planned, name)]
    const isReplaced = runtime === 'workerd' && /[^\x20-\x7e]/.test(said ?? '')
    if (got !== said && !isReplaced) faults.push(`${name}: ${JSON.stringify(got)} came for ${JSON.stringify(said)}`)
  }
  if (answer.status !== planned.status) faults.push(`status ${answer.status} came for ${planned.status}`)
  return [...faults, ...bodyFaults(answer, planned)]
}

/** workerd, and the client that streams uploads on Node, take some answers that the letter forbids. */
const isLenient = (runtime: Runtime, request: ReadRequest) => runtime === 'workerd' || mayStream(request)

const mayStream = ({ method, fields }: ReadRequest) =>
  !['GET', 'HEAD', 'OPTIONS'].includes(method) && !(Number(fieldValue(fields, 'content-length')) <= 65_536)

/** Its name may have been changed with the rest, but not into another's. */
function foreignFaults(answer: ReadAnswer, { pieces }: AnswerPlan): string[] {
  const said = Buffer.concat(pieces).toString('latin1')
  const names = (fieldOf(answer, answersField) ?? '').split(', ')
  return names.filter((name) => !said.includes(name)).map((name) => `an answer for ${name}`)
}

const firstDifference = (one: Buffer, other: Buffer) => one.findIndex((byte, index) => byte !== other[index])

function bodyFaults(answer: ReadAnswer, planned: ReadAnswer): string[] {
  // Must be empty, whatever the upstream says (RFC 9110 §15.3.6).
  const body = planned.status === 205 ? Buffer.alloc(0) : planned.body
  if (!body.subarray(0, answer.body.length).equals(answer.body))
    return [`another body: ${shown(answer.body, firstDifference(answer.body, body))} for ${shown(body)}`]
  if (!answer.complete) return []
  if (answer.body.length < body.length) return [`a part passes for the whole: ${shown(answer.body)} of ${shown(body)}`]
  return planned.complete || planned.status === 205 ? [] : [`a broken answer passes for whole: ${shown(answer.body)}`]
}
