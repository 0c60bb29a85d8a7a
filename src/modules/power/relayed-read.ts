/** Reads one module: its answer, or the reason why there is none. Never an error, because consoles poll these. */
import * as v from 'valibot'
import type { UpstreamName } from '../../config/config.ts'
import { GatewayError } from '../../errors/gateway-error.ts'
import { withTimeout } from '../../lib/with-timeout.ts'
import type { Clock } from '../../ports/index.ts'
import { type RelayDeps, type Relayed, type RelayedRequest, relay } from '../../upstream/relay.ts'
import type { Admission } from './admission.ts'
import type { PowerPolicy } from './power-policy.ts'
import { type PowerState, policyWord } from './power-state.ts'

export const WindowSummary = v.object({
  mode: v.picklist(['solo_madre', 'window_active']),
  window_id: v.nullable(v.string()),
  services: v.array(v.string()),
  ttl_seconds: v.nullable(v.number()),
})

/** Reads answer 200 with it, changes 403 (contract H5 to H7). */
export const OffByPolicy = v.object({
  status: v.literal('off_by_policy'),
  module: v.string(),
  policy: v.picklist(['solo_madre', 'windowed', 'full']),
  message: v.string(),
  reason: v.string(),
  hint: v.string(),
  window: WindowSummary,
  correlation_id: v.string(),
})

/** `error` is a code of the catalogue, or `not_configured` (contract shared/status-codes). */
export const ServiceOffline = v.object({
  status: v.literal('service_offline'),
  module: v.string(),
  error: v.string(),
  hint: v.nullable(v.string()),
  degraded: v.literal(true),
  correlation_id: v.string(),
})

/** The answer for a module that does not answer or is closed by policy. */
export const Unread = v.variant('status', [OffByPolicy, ServiceOffline])
export type Unread = v.InferOutput<typeof Unread>

export type ReadDeps = RelayDeps & { clock: Clock; policy: Pick<PowerPolicy, 'admit' | 'read'> }

/** An answer is due within 2.5 s, and the policy is asked as well. */
const timeoutMs = 2200

interface ModuleRequest extends RelayedRequest {
  /** How old the power state may be. */
  acceptedMs: number | undefined
}

/** The module's answer, or the reason why it could not be read. */
export async function readModule(deps: ReadDeps, request: ModuleRequest): Promise<Relayed | { unread: Unread }> {
  const { upstream, correlationId, acceptedMs } = request
  const verdict = await deps.policy.admit(upstream, acceptedMs)
  if (!verdict.allowed) return { unread: await refused(deps, upstream, verdict, correlationId) }
  try {
    const limits = { connectMs: timeoutMs, firstByteMs: timeoutMs, idleMs: timeoutMs }
    const answer = relay(deps, { ...request, limits })
    return await withTimeout(deps.clock, timeoutMs, answer, () => new GatewayError('upstream_timeout'))
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    return { unread: offline(upstream, error.code, null, correlationId) }
  }
}

async function refused(
  { clock, policy }: ReadDeps,
  module: UpstreamName,
  verdict: Exclude<Admission, { allowed: true }>,
  correlationId: string,
): Promise<Unread> {
  const { reason, hint } = verdict
  if (verdict.state !== 'OFF_BY_POLICY') return offline(module, reason, hint, correlationId)
  const { state } = await policy.read()
  return {
    status: 'off_by_policy',
    module,
    policy: verdict.policy,
    message: `${module} disabled by ${verdict.policy} policy`,
    reason,
    hint,
    window: describeWindow(state, clock.now()),
    correlation_id: correlationId,
  }
}

/** `error` is a code of the catalogue, or `not_configured`. */
export const offline = (module: UpstreamName, error: string, hint: string | null, correlationId: string): Unread => ({
  status: 'service_offline',
  module,
  error,
  hint,
  degraded: true,
  correlation_id: correlationId,
})

/** What the consoles of modules show of the power window. */
export function describeWindow(state: PowerState, now: number): v.InferOutput<typeof WindowSummary> {
  const endsAtMs = state.window?.endsAtMs ?? null
  return {
    mode: policyWord(state),
    window_id: state.window?.id ?? null,
    services: [...state.activeServices],
    ttl_seconds: endsAtMs === null ? null : Math.max(0, Math.floor((endsAtMs - now) / 1000)),
  }
}
