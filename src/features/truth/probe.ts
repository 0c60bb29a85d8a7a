/** Probes each service from outside: the first candidate path that answers 200 within three seconds counts. */

import { GatewayError, TransportError } from '../../errors/gateway-error.ts'
import { mapLimit } from '../../lib/map-limit.ts'
import { isoMoment } from '../../lib/moment-forms.ts'
import { readStart } from '../../lib/read-body.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { ServiceVerdict } from '../../modules/health-history/health-history.ts'
import type { ProbeResult } from '../../modules/health-history/truth-record.ts'
import { isOpen } from '../../modules/power/admission.ts'
import type { PowerPolicy, PowerReading } from '../../modules/power/power-policy.ts'
import type { AskSelf, Deps } from '../../ports/index.ts'
import { askUpstream } from '../../upstream/ask.ts'
import { addressOf, type ProbedService, probedServices } from './services.ts'

export interface TruthProbeDeps extends Pick<Deps, 'config' | 'clock' | 'random' | 'probes'> {
  policy: Pick<PowerPolicy, 'known' | 'read'>
  ask: AskSelf
}

export const probeRules = { timeoutMs: 3000, atOnce: 5, snippetLength: 100 } as const

/** In the order of the list. Never rejects. */
export async function probeServices(deps: TruthProbeDeps): Promise<ProbeResult[]> {
  const power = await deps.policy.read()
  return mapLimit(probedServices, probeRules.atOnce, (service) => probeService(deps, power, service))
}

async function probeService(deps: TruthProbeDeps, power: PowerReading, probed: ProbedService): Promise<ProbeResult> {
  const { service, upstream } = probed
  const { port } = addressOf(deps.config, upstream)
  const configured = upstream === null || deps.probes[upstream] !== undefined
  const seen = configured ? await tryPaths(deps, probed) : nothingSeen('not_configured')
  const { status, reason } = judged(deps, power, probed, configured, seen)
  const { failure: _, ...shown } = seen
  // In the order that the report shows.
  return { service, port, status, ...shown, checked_at: isoMoment(deps.clock.now()), reason }
}

interface Seen extends Pick<ProbeResult, 'http_code' | 'latency_ms' | 'endpoint_ok' | 'snippet'> {
  failure: string | null
}

const nothingSeen = (failure: string): Seen => ({
  http_code: null,
  latency_ms: null,
  endpoint_ok: null,
  snippet: null,
  failure,
})

/** Silence is as it should be while the policy keeps the service asleep; an answer that is no 200 never is. */
function judged(
  { config, policy }: TruthProbeDeps,
  { state, degraded, change }: PowerReading,
  { service, upstream }: ProbedService,
  configured: boolean,
  seen: Seen,
): { status: ServiceVerdict; reason: string | null } {
  if (seen.endpoint_ok !== null) {
    return { status: 'OK', reason: upstream === null || isOpen(config, state, upstream) ? null : 'runs_without_window' }
  }
  if (!configured) return { status: 'UNKNOWN', reason: seen.failure }
  const excuse = powerExcuse(change ?? policy.known().change, service, seen)
  if (excuse) return excuse
  if (seen.http_code !== null || upstream === null || isOpen(config, state, upstream))
    return { status: 'BROKEN', reason: seen.failure }
  if (degraded) return { status: 'UNKNOWN', reason: 'power_state_unknown' }
  return { status: 'OFF_BY_POLICY', reason: 'no_window' }
}

/** What madre works on for this gateway explains her own silence, and that of the services it is about. */
function powerExcuse(
  change: PowerReading['change'],
  service: string,
  { http_code, failure }: Seen,
): { status: ServiceVerdict; reason: string } | null {
  if (!change || http_code !== null) return null
  if (service === 'madre') return failure === 'timeout' ? { status: 'UNKNOWN', reason: 'busy' } : null
  if (change.state === 'working' || !change.services?.includes(service)) return null
  const status = change.state === 'opening' ? 'UNKNOWN' : 'OFF_BY_POLICY'
  return { status, reason: change.state }
}

async function tryPaths(deps: TruthProbeDeps, { upstream, paths }: ProbedService): Promise<Seen> {
  let failed: Seen | undefined
  for (const path of paths) {
    const seen = await tryPath(deps, upstream, path)
    if (seen.endpoint_ok !== null) return seen
    if (!failed || (failed.http_code === null && seen.http_code !== null)) failed = seen
    if (seen.failure === refused) break
  }
  return failed ?? nothingSeen('no_path')
}

/** The port is closed, so the other paths are not tried. */
const refused = 'unreachable'

async function tryPath(deps: TruthProbeDeps, upstream: ProbedService['upstream'], path: string): Promise<Seen> {
  const { clock } = deps
  const startedAt = clock.monotonic()
  const leave = new AbortController()
  const late = new TransportError('timeout')
  try {
    const looked = upstream === null ? askGateway(deps, path) : askService(deps, upstream, path, leave.signal)
    const { status, start } = await withTimeout(clock, probeRules.timeoutMs, looked, () => late)
    const latency_ms = Math.round((clock.monotonic() - startedAt) * 10) / 10
    if (status === 200)
      return { http_code: 200, latency_ms, endpoint_ok: path, snippet: snippetOf(start), failure: null }
    return { ...nothingSeen(`status_${status}`), http_code: status, latency_ms }
  } catch (error) {
    return nothingSeen(wordOfFailure(error))
  } finally {
    leave.abort()
  }
}

interface Answered {
  status: number
  start: Uint8Array
}

/** Enough for 100 characters of any script. */
const snippetBytes = probeRules.snippetLength * 4

async function askGateway({ ask }: TruthProbeDeps, path: string): Promise<Answered> {
  const answer = await ask(path)
  return { status: answer.status, start: await readStart(answer.body, snippetBytes) }
}

async function askService(
  { config, probes, random }: TruthProbeDeps,
  name: NonNullable<ProbedService['upstream']>,
  target: string,
  signal: AbortSignal,
): Promise<Answered> {
  const { timeoutMs } = probeRules
  const limits = { connectMs: timeoutMs, firstByteMs: timeoutMs, idleMs: timeoutMs }
  const question = { target, correlationId: random.uuid(), limits, signal }
  const answer = await askUpstream({ config, upstreams: probes }, name, question)
  if (!answer) throw new TransportError('unreachable')
  return { status: answer.status, start: await readStart(answer.body, snippetBytes) }
}

const snippetOf = (start: Uint8Array): string =>
  [...new TextDecoder().decode(start).replace(/\p{Cc}+/gu, ' ')].slice(0, probeRules.snippetLength).join('')

/** Prefers the transport's word, which separates a refused connection from a slow service. */
export function wordOfFailure(error: unknown): string {
  if (error instanceof TransportError) return error.failure
  if (error instanceof GatewayError) return error.cause instanceof TransportError ? error.cause.failure : error.code
  return 'unexpected_error'
}
