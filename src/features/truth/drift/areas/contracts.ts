/** Asks each upstream that is awake for its own OpenAPI document, and holds that to what the gateway asks of it. */
import { type UpstreamName, upstreamNames } from '../../../../config/config.ts'
import { vx11Services } from '../../../../config/vx11.ts'
import { TransportError } from '../../../../errors/gateway-error.ts'
import { mapLimit } from '../../../../lib/map-limit.ts'
import { readJson } from '../../../../lib/read-body.ts'
import { withTimeout } from '../../../../lib/with-timeout.ts'
import { isOpen } from '../../../../modules/power/admission.ts'
import { askUpstream } from '../../../../upstream/ask.ts'
import { type ExpectedOperation, expectedOperations } from '../../../../upstream/expected-operations.ts'
import { type TruthProbeDeps, wordOfFailure } from '../../probe.ts'
import { type AreaFindings, gathering } from '../findings.ts'
import { type ReadOperation, readOperations } from './openapi.ts'

export type ContractDeps = Omit<TruthProbeDeps, 'ask'>

const timeoutMs = 5000
const atOnce = 5
/** FastAPI's documents have some hundred kilobytes at most. */
const maxDocumentBytes = 4_194_304

export async function auditContracts(deps: ContractDeps): Promise<AreaFindings> {
  const { findings, checked, drift, unknown } = gathering('contracts')
  const { state } = await deps.policy.read()
  await mapLimit(upstreamNames, atOnce, async (name) => {
    const module = vx11Services[name].probedAs
    const asked = await readContract(deps, name, isOpen(deps.config, state, name))
    if (typeof asked === 'string') return unknown(module, asked)
    for (const expected of expectedOperations[name]) {
      checked()
      for (const { severity, actual } of mismatches(expected, asked))
        drift(severity, module, `${expected.method} ${expected.path}`, expectation(expected), actual)
    }
  })
  return findings
}

/** Its operations, or why they are not known. A service that sleeps is not woken for this. */
async function readContract(
  deps: ContractDeps,
  name: UpstreamName,
  awake: boolean,
): Promise<Map<string, ReadOperation> | string> {
  const { kind } = deps.config.upstreams[name]
  if (kind === 'embedded') return 'embedded'
  if (!deps.probes[name]) return 'not_configured'
  if (!awake) return 'asleep'
  const leave = new AbortController()
  try {
    const late = () => new TransportError('timeout')
    return await withTimeout(deps.clock, timeoutMs, ask(deps, name, leave.signal), late)
  } catch (error) {
    return wordOfFailure(error)
  } finally {
    leave.abort()
  }
}

async function ask({ config, probes, random }: ContractDeps, name: UpstreamName, signal: AbortSignal) {
  const limits = { connectMs: timeoutMs, firstByteMs: timeoutMs, idleMs: timeoutMs }
  const question = { target: '/openapi.json', correlationId: random.uuid(), limits, signal }
  const answer = await askUpstream({ config, upstreams: probes }, name, question)
  const json = answer && (await readJson(answer.body, maxDocumentBytes))
  if (answer?.status !== 200) return answer ? `status_${answer.status}` : 'not_configured'
  return readOperations(json) ?? 'malformed_answer'
}

const expectation = ({ sends }: ExpectedOperation): string =>
  sends === null || sends.length === 0 ? 'served' : `served for ${sends.join(', ')}`

function* mismatches({ method, path, sends, optional }: ExpectedOperation, operations: Map<string, ReadOperation>) {
  const there = operations.get(`${method} ${path}`)
  if (!there) {
    yield optional
      ? { severity: 'low' as const, actual: `not there: ${optional}` }
      : { severity: 'high' as const, actual: 'not there' }
    return
  }
  if (sends === null) return
  const required = there.parameters.filter((name) => /^query:.*!$/.test(name)).map((name) => name.slice(6, -1))
  const missing = [...there.bodyNeeds, ...required].filter((name) => !sends.includes(name))
  if (missing.length > 0)
    yield { severity: 'high' as const, actual: `wants ${missing.join(', ')}, which the gateway does not send` }
}
