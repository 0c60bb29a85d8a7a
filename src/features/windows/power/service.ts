/** Relays power state, solo_madre and service plans to madre (contract O5 to O11). */
import * as v from 'valibot'
import { GatewayError } from '../../../errors/gateway-error.ts'
import type { PowerPolicy } from '../../../modules/power/power-policy.ts'
import type { Deps, HeaderFields } from '../../../ports/index.ts'
import { windowFirstByteMs } from '../../../upstream/operations.ts'
import {
  type AskMadreDeps,
  askMadre,
  type Caller,
  type MadreFields,
  objectOf,
  tellMadre,
  windowError,
} from '../madre.ts'
import { refuseForeign } from '../service.ts'
import { describePower } from '../status.ts'
import { withRelayTimeout } from '../timeouts.ts'
import type { PolicyAccepted, PowerStateAnswer, ServiceRequest } from './schema.ts'
import { ServicePlan } from './schema.ts'

export type PowerDeps = AskMadreDeps &
  Pick<Deps, 'clock' | 'log' | 'background'> & { policy: Pick<PowerPolicy, 'read'> }

/** Madre's power tokens hold for one user agent, so it must be the same when a token is got and when it is used. */
const userAgent: HeaderFields = { 'user-agent': 'tentaculo-link/7.0' }

export async function readPower({ clock, policy }: PowerDeps, correlationId: string): Promise<PowerStateAnswer> {
  const { state, degraded, reason } = await policy.read()
  const power = describePower(state, clock.now())
  const { ttl_remaining_sec: ttl_remaining, active_services: running_services, window_id } = power
  return {
    status: degraded ? 'service_offline' : 'ok',
    ...power,
    power_window: { policy: power.policy, window_id, ttl_remaining, running_services },
    degraded,
    reason,
    correlation_id: correlationId,
  }
}

/** What VX11’s consoles expect of a read whose module is unavailable: 200 and a word (contract shared/status-codes). */
export async function readMadreReport(deps: PowerDeps, target: string, caller: Caller): Promise<MadreFields> {
  try {
    return { status: 'ok', ...objectOf(await askMadre(deps, { target, caller, keep: 'digits' })) }
  } catch (error) {
    if (!(error instanceof GatewayError) || !away.has(error.code)) throw error
    return { status: 'service_offline', module: 'madre', error: error.code, degraded: true }
  }
}

const away = new Set(['madre_unavailable', 'madre_timeout', 'service_overloaded'])

const timeoutMs = 1000

/** The real madre stops the gateway first: after a second the answer is 202 with the URL to poll (contract Q-32). */
export async function applySoloMadre(deps: PowerDeps, caller: Caller): Promise<MadreFields | PolicyAccepted> {
  const target = '/madre/power/policy/solo_madre/apply'
  const limits = { firstByteMs: windowFirstByteMs(deps.config.windowServices.length + 1) }
  const applying = tellMadre(deps, { target, json: {}, limits, caller, keep: 'digits' }).then((answer) =>
    objectOf(answer),
  )
  const applied = await withRelayTimeout(deps, timeoutMs, applying, { failed: 'policy_not_applied', ...caller })
  return applied ?? accepted(caller.correlationId)
}

const accepted = (correlationId: string): PolicyAccepted => ({
  status: 'accepted',
  policy: 'solo_madre',
  message: 'Madre stops the services one after the other; a real madre may stop this gateway as well.',
  status_url: '/operator/power/policy/solo_madre/status',
  correlation_id: correlationId,
})

export type ServiceAction = 'start' | 'stop' | 'restart'

export interface ServiceChange {
  service: string
  action: ServiceAction
  request: ServiceRequest
  /** The caller's power key and token. */
  headers: HeaderFields
}

export async function changeService(deps: PowerDeps, change: ServiceChange, caller: Caller) {
  const { service, action, request, headers } = change
  refuseForeign([service], ['madre', ...deps.config.windowServices])
  const answer = await tellMadre(deps, {
    target: `/madre/power/service/${service}/${action}`,
    json: request,
    limits: { firstByteMs: windowFirstByteMs(1) },
    headers: { ...headers, ...userAgent },
    caller,
    keep: 'digits',
  })
  if (answer.status === 400) throw windowError('power_not_confirmed', { detail: missingFactors(answer.json) })
  if (answer.status === 429) throw windowError('too_many_requests', { retryAfterMs: 60_000 })
  if (answer.status === 404) throw windowError('service_not_allowed')
  const plan = objectOf(answer)
  if (!v.is(ServicePlan, plan)) throw windowError('madre_failed')
  return plan
}

/** Madre adds `rate_ok`, which has a status of its own. */
const Security = v.object({ security: v.object({ key: v.boolean(), token: v.boolean(), confirm: v.boolean() }) })

function missingFactors(json: unknown): string {
  const read = v.safeParse(Security, json)
  const { key, token, confirm } = read.success ? read.output.security : allGiven
  const wrong = [
    ...(key ? [] : ['X-VX11-Power-Key']),
    ...(token ? [] : ['X-VX11-Power-Token']),
    ...(confirm ? [] : ['the confirmation']),
  ]
  if (wrong.length === 0)
    return 'Madre applies this only with the power key, a power token and the confirmation together.'
  return `Madre applies this only with all three factors; wrong or missing: ${wrong.join(', ')}.`
}

const allGiven = { key: true, token: true, confirm: true }

/** A power token lives for a minute. */
export async function readToken(deps: PowerDeps, caller: Caller): Promise<MadreFields> {
  return objectOf(await askMadre(deps, { target: '/madre/power/token', headers: userAgent, caller, keep: 'digits' }))
}
