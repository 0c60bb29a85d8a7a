/** What the gateway can do now, and which services sleep (contract O19). */
import { isoMoment } from '../../../lib/moment-forms.ts'
import type { ChatChain } from '../../../modules/chat/providers/order.ts'
import { dormantModules } from '../../../modules/power/module-states.ts'
import type { Deps } from '../../../ports/index.ts'
import { describeCapabilities } from '../capabilities.ts'
import { describeComponents } from '../components.ts'
import { type Reading, verdictOf } from '../reading.ts'
import type { CapabilitiesReport } from './schema.ts'

export type CapabilityDeps = Pick<Deps, 'config' | 'clock' | 'probes'> & { chat: ChatChain }

export function describeCapability(
  deps: CapabilityDeps,
  reading: Reading,
  { correlationId, mayAct }: { correlationId: string; mayAct: boolean },
): CapabilitiesReport {
  return {
    ok: reading.reasons.length === 0,
    data: {
      correlation_id: correlationId,
      operational_mode: reading.mode,
      ...verdictOf(reading),
      features: describeCapabilities(deps.config, reading, { chain: deps.chat, mayAct }),
      dormant_services: sleeping(deps, reading),
    },
    timestamp: isoMoment(deps.clock.now()),
  }
}

/** Not configured, or without a window: what wakes each of them. */
function sleeping(
  { config, probes }: CapabilityDeps,
  reading: Reading,
): CapabilitiesReport['data']['dormant_services'] {
  const dormant = dormantModules(probes).map((module) => ({ ...module, reason: 'not_configured' }))
  const closed = describeComponents(config, reading).filter(({ status }) => status === 'OFF_BY_POLICY')
  return [
    ...dormant,
    ...closed.map(({ name, port, reason, activation }) => ({
      name,
      port: port ?? 0,
      status: 'off_by_policy' as const,
      reason: reason ?? 'off_by_policy',
      activation,
    })),
  ]
}
